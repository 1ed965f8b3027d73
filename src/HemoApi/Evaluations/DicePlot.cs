using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Masks;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace HemoApi.Evaluations;

/// <summary>Dice by type as boxes: quartiles and median; whiskers to the last case within 1.5 interquartile ranges (Tukey 1977).</summary>
internal static class DicePlot
{
    /// <returns>Null where no case has a Dice.</returns>
    public static PlotModel? Of(IReadOnlyList<EvaluatedCase> cases)
    {
        var boxes = HemorrhageTypes.All
            .Select(type => (Code: type.Code(), Dice: cases.Select(c => c.Comparison.Types.Single(t => t.Type == type).Agreement.Dice).OfType<double>().Order().ToArray()))
            .Where(box => box.Dice.Length > 0)
            .ToList();
        if (boxes.Count == 0)
        {
            return null;
        }

        var labels = new CategoryAxis { Position = AxisPosition.Bottom, MinorTickSize = 0, TicklineColor = PlotStyle.Guide };
        labels.Labels.AddRange(boxes.Select(box => $"{box.Code} (n = {box.Dice.Length})"));
        var plot = PlotStyle.Plot("Dice by type", labels, PlotStyle.Axis(AxisPosition.Left, "Dice", 0, 1.02));
        var series = new BoxPlotSeries { BoxWidth = 0.35, Fill = OxyColor.FromAColor(90, PlotStyle.Internal), Stroke = PlotStyle.Internal, StrokeThickness = 1.5, OutlierSize = 3 };
        for (var i = 0; i < boxes.Count; i++)
        {
            series.Items.Add(Box(i, boxes[i].Dice));
        }

        plot.Series.Add(series);
        return plot;
    }

    private static BoxPlotItem Box(int x, double[] sorted)
    {
        var (first, median, third) = (Quantiles.Of(sorted, 0.25), Quantiles.Of(sorted, 0.5), Quantiles.Of(sorted, 0.75));
        var reach = 1.5 * (third - first);
        var within = sorted.Where(d => d >= first - reach && d <= third + reach).ToArray();
        return new BoxPlotItem(x, within[0], first, median, third, within[^1]) { Outliers = [.. sorted.Except(within)] };
    }
}
