using System.Globalization;
using HemoApi.Imaging.Evaluation.Statistics;
using OxyPlot;
using OxyPlot.Axes;

namespace HemoApi.Evaluations;

/// <summary>How sensitivity rises with false alarms, by case and by lesion.</summary>
internal static class CurvePlots
{
    public static PlotModel Roc(string type, RocCurve roc)
    {
        var plot = PlotStyle.Plot(
            string.Create(CultureInfo.InvariantCulture, $"{Name(type)}: ROC, area {roc.Auc:0.000} ({roc.AucInterval.Low:0.000} to {roc.AucInterval.High:0.000})"),
            PlotStyle.Axis(AxisPosition.Bottom, "1 − specificity", 0, 1.01),
            PlotStyle.Axis(AxisPosition.Left, "Sensitivity", 0, 1.01));
        plot.Series.Add(PlotStyle.Line(PlotStyle.Guide, LineStyle.Dash, new DataPoint(0, 0), new DataPoint(1, 1)));
        plot.Series.Add(PlotStyle.Line(PlotStyle.Internal, LineStyle.Solid, [.. roc.Points.Select(p => new DataPoint(p.FalsePositiveShare, p.Sensitivity))]));
        return plot;
    }

    public static PlotModel Froc(string type, FrocCurve froc)
    {
        var plot = PlotStyle.Plot(
            string.Create(CultureInfo.InvariantCulture, $"{Name(type)}: FROC of {froc.Lesions} lesions in {froc.Scans} scans"),
            PlotStyle.Axis(AxisPosition.Bottom, "False positives a scan", 0, Math.Max(1, froc.Points[^1].FalsePositivesPerScan) * 1.01),
            PlotStyle.Axis(AxisPosition.Left, "Sensitivity by lesion", 0, 1.01));
        List<DataPoint> steps = [new(0, 0)];
        foreach (var point in froc.Points)
        {
            steps.Add(new DataPoint(point.FalsePositivesPerScan, steps[^1].Y));
            steps.Add(new DataPoint(point.FalsePositivesPerScan, point.Sensitivity));
        }

        plot.Series.Add(PlotStyle.Line(PlotStyle.Internal, LineStyle.Solid, [.. steps]));
        return plot;
    }

    private static string Name(string type) => type == "any" ? "Any hemorrhage" : type;
}
