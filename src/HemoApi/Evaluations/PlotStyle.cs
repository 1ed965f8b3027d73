using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace HemoApi.Evaluations;

/// <summary>What all plots look like; colours that people with any colour vision tell apart (Okabe and Ito 2008).</summary>
internal static class PlotStyle
{
    public static readonly OxyColor Internal = OxyColor.FromRgb(0, 114, 178);
    public static readonly OxyColor External = OxyColor.FromRgb(213, 94, 0);
    public static readonly OxyColor Guide = OxyColor.FromRgb(110, 110, 110);

    public static readonly OxyColor Third = OxyColor.FromRgb(0, 158, 115);
    public static readonly OxyColor Fourth = OxyColor.FromRgb(204, 121, 167);

    public const string Font = "DejaVu Sans";

    private static readonly OxyColor Grid = OxyColor.FromRgb(230, 230, 230);

    public static PlotModel Plot(string title, Axis x, Axis y)
    {
        var plot = new PlotModel { Title = title, TitleFontSize = 15, TitleFontWeight = FontWeights.Bold, DefaultFont = Font, Background = OxyColors.White, PlotAreaBorderColor = Guide };
        plot.Axes.Add(x);
        plot.Axes.Add(y);
        return plot;
    }

    public static LinearAxis Axis(AxisPosition position, string title, double minimum = double.NaN, double maximum = double.NaN) => new()
    {
        Position = position,
        Title = title,
        Minimum = minimum,
        Maximum = maximum,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = Grid,
        TicklineColor = Guide,
        MinorTickSize = 0,
        AxisTitleDistance = 14,
    };

    public static LineSeries Line(OxyColor color, LineStyle style, params DataPoint[] points)
    {
        var line = new LineSeries { Color = color, LineStyle = style, StrokeThickness = 1.5, RenderInLegend = false };
        line.Points.AddRange(points);
        return line;
    }
}
