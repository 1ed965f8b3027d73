using HemoApi.Storage;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace HemoApi.Evaluations;

/// <summary>What all plots look like; colours that people with any colour vision tell apart (Okabe and Ito 2008).</summary>
internal static class PlotStyle
{
    public static readonly OxyColor Internal = OxyColor.FromRgb(0, 114, 178);
    public static readonly OxyColor External = OxyColor.FromRgb(213, 94, 0);
    public static readonly OxyColor Guide = OxyColor.FromRgb(110, 110, 110);

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
        AxisTitleDistance = 10,
    };

    /// <summary>One marker a point, one colour a site; the legend is there where both sites are.</summary>
    public static void AddPoints(this PlotModel plot, IEnumerable<(CohortSite Site, double X, double Y)> points)
    {
        var sites = points.GroupBy(p => p.Site).OrderBy(g => g.Key).ToList();
        foreach (var site in sites)
        {
            var isExternal = site.Key == CohortSite.External;
            var series = new ScatterSeries
            {
                Title = isExternal ? "external" : "internal",
                MarkerType = isExternal ? MarkerType.Triangle : MarkerType.Circle,
                MarkerSize = 4,
                MarkerFill = OxyColor.FromAColor(170, isExternal ? External : Internal),
                MarkerStroke = isExternal ? External : Internal,
                MarkerStrokeThickness = 1,
            };
            series.Points.AddRange(site.Select(p => new ScatterPoint(p.X, p.Y)));
            plot.Series.Add(series);
        }

        if (sites.Count > 1)
        {
            plot.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft, LegendBackground = OxyColor.FromAColor(200, OxyColors.White) });
        }
    }

    public static LineSeries Line(OxyColor color, LineStyle style, params DataPoint[] points)
    {
        var line = new LineSeries { Color = color, LineStyle = style, StrokeThickness = 1.5, RenderInLegend = false };
        line.Points.AddRange(points);
        return line;
    }
}
