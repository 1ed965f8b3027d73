using HemoApi.Evaluations;
using HemoApi.Imaging.Masks;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace HemoApi.PaperCohort;

/// <summary>Volumes by the model, and for ICH by ABC/2, against the ground truth (Xu et al. 2021, figure 3).</summary>
internal static class Figure3
{
    public static IEnumerable<(string Name, PlotModel Plot)> Plots(Cases cases)
    {
        yield return ("figure-3-ich-internal", Plot("ICH, Hospital A", cases.Of("internal", HemorrhageType.Ich)));
        yield return ("figure-3-ich-external", Plot("ICH, Hospital B", cases.Of("external", HemorrhageType.Ich)));
        yield return ("figure-3-edh", Plot("EDH", cases.Of("internal", HemorrhageType.Edh)));
        yield return ("figure-3-sdh", Plot("SDH", cases.Of("internal", HemorrhageType.Sdh)));
    }

    private static PlotModel Plot(string title, IReadOnlyList<CaseVolumes> cases)
    {
        var most = cases.Select(c => Math.Max(c.ReferenceMl, Math.Max(c.ModelMl, c.Abc2Ml ?? 0))).DefaultIfEmpty(1).Max() * 1.05;
        var plot = PlotStyle.Plot(
            $"{title}: {cases.Count} cases",
            PlotStyle.Axis(AxisPosition.Bottom, "Ground truth, ml", 0, most),
            PlotStyle.Axis(AxisPosition.Left, "Measured, ml", 0, most));
        plot.Series.Add(PlotStyle.Line(PlotStyle.Guide, LineStyle.Dash, new DataPoint(0, 0), new DataPoint(most, most)));
        plot.Series.Add(Points("model", MarkerType.Circle, PlotStyle.Internal, cases.Select(c => (c.ReferenceMl, c.ModelMl))));
        if (cases.Any(c => c.Abc2Ml is not null))
        {
            plot.Series.Add(Points("ABC/2", MarkerType.Triangle, PlotStyle.External, cases.Where(c => c.Abc2Ml is not null).Select(c => (c.ReferenceMl, c.Abc2Ml!.Value))));
            plot.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomCenter, LegendPlacement = LegendPlacement.Outside, LegendOrientation = LegendOrientation.Horizontal });
        }

        return plot;
    }

    private static ScatterSeries Points(string title, MarkerType marker, OxyColor color, IEnumerable<(double X, double Y)> points)
    {
        var series = new ScatterSeries
        {
            Title = title, MarkerType = marker, MarkerSize = 4, MarkerFill = OxyColor.FromAColor(170, color), MarkerStroke = color, MarkerStrokeThickness = 1,
        };
        series.Points.AddRange(points.Select(p => new ScatterPoint(p.X, p.Y)));
        return series;
    }
}
