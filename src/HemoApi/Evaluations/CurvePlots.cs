using System.Globalization;
using HemoApi.Imaging.Evaluation.Statistics;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace HemoApi.Evaluations;

/// <summary>How sensitivity rises with false alarms, by case and by lesion.</summary>
internal static class CurvePlots
{
    /// <param name="byProbability">Null where it is not computed.</param>
    public static PlotModel Roc(string type, RocCurve? byProbability, RocCurve byVolume)
    {
        var plot = PlotStyle.Plot(
            $"{Name(type)}: ROC",
            PlotStyle.Axis(AxisPosition.Bottom, "1 − specificity", 0, 1.01),
            PlotStyle.Axis(AxisPosition.Left, "Sensitivity", 0, 1.01));
        plot.Series.Add(PlotStyle.Line(PlotStyle.Guide, LineStyle.Dot, new DataPoint(0, 0), new DataPoint(1, 1)));
        Add(plot, byVolume, "volume", PlotStyle.External, LineStyle.Dash, Points, Area);
        Add(plot, byProbability, "probability", PlotStyle.Internal, LineStyle.Solid, Points, Area);
        return plot;

        static IEnumerable<DataPoint> Points(RocCurve roc) => roc.Points.Select(p => new DataPoint(p.FalsePositiveShare, p.Sensitivity));

        static string Area(RocCurve roc) => string.Create(CultureInfo.InvariantCulture, $": area {roc.Auc:0.000} ({roc.AucInterval.Low:0.000} to {roc.AucInterval.High:0.000})");
    }

    /// <param name="byProbability">Null where it is not computed.</param>
    public static PlotModel Froc(string type, FrocCurve? byProbability, FrocCurve byVolume)
    {
        var plot = PlotStyle.Plot(
            string.Create(CultureInfo.InvariantCulture, $"{Name(type)}: FROC of {byVolume.Lesions} lesions in {byVolume.Scans} scans"),
            PlotStyle.Axis(AxisPosition.Bottom, "False positives a scan, to the operating point", 0, Math.Max(1, byVolume.Points[^1].FalsePositivesPerScan) * 1.01),
            PlotStyle.Axis(AxisPosition.Left, "Sensitivity by lesion", 0, 1.01));
        Add(plot, byVolume, "volume", PlotStyle.External, LineStyle.Dash, Steps, _ => "");
        Add(plot, byProbability, "probability", PlotStyle.Internal, LineStyle.Solid, Steps, _ => "");
        return plot;
    }

    private static void Add<T>(PlotModel plot, T? curve, string score, OxyColor color, LineStyle style, Func<T, IEnumerable<DataPoint>> points, Func<T, string> figures)
        where T : class
    {
        if (curve is null)
        {
            return;
        }

        var line = PlotStyle.Line(color, style, [.. points(curve)]);
        (line.Title, line.RenderInLegend) = ($"by {score}{figures(curve)}", true);
        plot.Series.Add(line);
        if (plot.Legends.Count == 0)
        {
            plot.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomCenter, LegendPlacement = LegendPlacement.Outside, LegendOrientation = LegendOrientation.Horizontal });
        }
    }

    private static IEnumerable<DataPoint> Steps(FrocCurve froc)
    {
        List<DataPoint> steps = [new(0, 0)];
        foreach (var point in froc.Points)
        {
            steps.Add(new DataPoint(point.FalsePositivesPerScan, steps[^1].Y));
            steps.Add(new DataPoint(point.FalsePositivesPerScan, point.Sensitivity));
        }

        return steps;
    }

    private static string Name(string type) => type == "any" ? "Any hemorrhage" : type;
}
