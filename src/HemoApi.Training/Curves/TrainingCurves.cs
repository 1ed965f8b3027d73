using HemoApi.Evaluations;
using HemoApi.Imaging.Masks;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using OxyPlot.SkiaSharp;

namespace HemoApi.Training.Curves;

/// <summary>The course of a training: its loss on a logarithmic axis, and the Dice of its validations, over hours of training.</summary>
internal static class TrainingCurves
{
    private const string DiceAxis = "dice";
    private const int WidthPixels = 960;
    private const int HeightPixels = 540;

    public static void WritePng(IReadOnlyList<ProgressRow> rows, Stream png) =>
        new PngExporter { Width = 2 * WidthPixels, Height = 2 * HeightPixels, Dpi = 192 }.Export(Of(rows), png);

    public static PlotModel Of(IReadOnlyList<ProgressRow> rows)
    {
        var loss = new LogarithmicAxis
        {
            Position = AxisPosition.Left, Title = "Loss", TicklineColor = PlotStyle.Guide, MinorTickSize = 0, AxisTitleDistance = 14,
        };
        var plot = PlotStyle.Plot("Training", PlotStyle.Axis(AxisPosition.Bottom, "Hours of training", 0), loss);
        var dice = PlotStyle.Axis(AxisPosition.Right, "Dice of the validation", 0, 1);
        dice.Key = DiceAxis;
        plot.Axes.Add(dice);
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomCenter, LegendPlacement = LegendPlacement.Outside, LegendOrientation = LegendOrientation.Horizontal });

        plot.Series.Add(Line("loss", PlotStyle.Guide, LineStyle.Solid, null, rows.Where(r => r.Loss is not null).Select(r => (r, (double)r.Loss!.Value.Total))));
        OxyColor[] colours = [PlotStyle.Internal, PlotStyle.External, PlotStyle.Third];
        var validations = rows.Where(r => r.Validation is not null).ToList();
        foreach (var (type, t) in HemorrhageTypes.All.Select((type, t) => (type, t)))
        {
            plot.Series.Add(Line(type.Code(), colours[t], LineStyle.Solid, MarkerType.Circle, validations.Select(r => (r, r.Validation!.Dice[t]))));
        }

        plot.Series.Add(Line("any, mean of slices", PlotStyle.Fourth, LineStyle.Dash, MarkerType.Circle, validations.Select(r => (r, r.Validation!.MeanSliceDice))));
        foreach (var (before, after) in rows.Zip(rows.Skip(1)).Where(pair => pair.First.Phase != pair.Second.Phase))
        {
            plot.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical, X = Hours(before), Color = PlotStyle.Guide, LineStyle = LineStyle.Dot, Text = after.Phase,
            });
        }

        return plot;
    }

    private static LineSeries Line(string title, OxyColor color, LineStyle style, MarkerType? marker, IEnumerable<(ProgressRow Row, double Value)> values)
    {
        var line = PlotStyle.Line(color, style, [.. values.Where(v => double.IsFinite(v.Value)).Select(v => new DataPoint(Hours(v.Row), v.Value))]);
        line.Title = title;
        line.RenderInLegend = true;
        if (marker is { } m)
        {
            (line.MarkerType, line.MarkerSize, line.MarkerFill, line.YAxisKey) = (m, 3, color, DiceAxis);
        }

        return line;
    }

    private static double Hours(ProgressRow row) => row.Seconds / 3600;
}
