using System.Globalization;
using HemoApi.Storage;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace HemoApi.Evaluations;

internal sealed record VolumePoint(CohortSite Site, double ReferenceMl, double ModelMl);

/// <summary>Volumes of one type: model against reference, and their differences (Bland and Altman 1986).</summary>
internal static class VolumePlots
{
    public static PlotModel Scatter(string type, IReadOnlyList<VolumePoint> points)
    {
        var most = points.Max(p => Math.Max(p.ReferenceMl, p.ModelMl)) * 1.05;
        var plot = PlotStyle.Plot(
            string.Create(CultureInfo.InvariantCulture, $"{type}: volumes of {ReportText.Cases(points.Count)}"),
            PlotStyle.Axis(AxisPosition.Bottom, "Reference, ml", 0, most),
            PlotStyle.Axis(AxisPosition.Left, "Model, ml", 0, most));
        plot.Series.Add(PlotStyle.Line(PlotStyle.Guide, LineStyle.Dash, new DataPoint(0, 0), new DataPoint(most, most)));
        plot.AddPoints(points.Select(p => (p.Site, p.ReferenceMl, p.ModelMl)));
        return plot;
    }

    public static PlotModel BlandAltman(string type, IReadOnlyList<VolumePoint> points)
    {
        var limits = Imaging.Evaluation.Statistics.BlandAltman.Of([.. points.Select(p => p.ModelMl)], [.. points.Select(p => p.ReferenceMl)]);
        var differences = points.Select(p => p.ModelMl - p.ReferenceMl).ToList();
        var (low, high) = (Math.Min(differences.Min(), limits.LowerLimit), Math.Max(differences.Max(), limits.UpperLimit));
        var margin = Math.Max(0.1, (high - low) * 0.12);
        var most = points.Max(p => (p.ModelMl + p.ReferenceMl) / 2) * 1.05;
        var plot = PlotStyle.Plot(
            string.Create(CultureInfo.InvariantCulture, $"{type}: differences of {ReportText.Cases(points.Count)}"),
            PlotStyle.Axis(AxisPosition.Bottom, "Mean of model and reference, ml", 0, most),
            PlotStyle.Axis(AxisPosition.Left, "Model − reference, ml", low - margin, high + margin));
        plot.AddPoints(points.Select(p => (p.Site, (p.ModelMl + p.ReferenceMl) / 2, p.ModelMl - p.ReferenceMl)));
        foreach (var (name, value, style) in new[]
            { ("bias", limits.Bias, LineStyle.Solid), ("+1.96 SD", limits.UpperLimit, LineStyle.Dash), ("−1.96 SD", limits.LowerLimit, LineStyle.Dash) })
        {
            plot.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Horizontal,
                Y = value,
                Color = PlotStyle.Guide,
                LineStyle = style,
                Text = string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.00} ml"),
                TextColor = PlotStyle.Guide,
            });
        }

        return plot;
    }
}
