using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Masks;
using OxyPlot;

namespace HemoApi.Evaluations;

/// <summary>The plots that the cases of an evaluation allow, by their names in the API.</summary>
public static class EvaluationPlots
{
    public const int WidthPixels = 640;
    public const int HeightPixels = 460;

    /// <summary>In the order in which a report shows them.</summary>
    /// <param name="statistics">Of the same cases.</param>
    public static IReadOnlyDictionary<string, PlotModel> Of(IReadOnlyList<EvaluatedCase> cases, CohortStatistics statistics)
    {
        var plots = new Dictionary<string, PlotModel>();
        if (DicePlot.Of(cases) is { } dice)
        {
            plots["dice"] = dice;
        }

        foreach (var type in HemorrhageTypes.All)
        {
            List<VolumePoint> points =
            [
                .. cases.Select(c => (c.Site, Type: c.Comparison.Types.Single(t => t.Type == type))).Where(c => !c.Type.IsEmpty)
                    .Select(c => new VolumePoint(c.Site, c.Type.Agreement.ReferenceVolumeMl, c.Type.Agreement.VolumeMl)),
            ];
            var code = type.Code().ToLowerInvariant();
            if (points.Count > 0)
            {
                plots[$"scatter-{code}"] = VolumePlots.Scatter(type.Code(), points);
            }

            if (points.Count > 1)
            {
                plots[$"bland-altman-{code}"] = VolumePlots.BlandAltman(type.Code(), points);
            }
        }

        foreach (var (code, detection) in statistics.Types.Select(t => (t.Type, t.Detection)).Append(("any", statistics.AnyType)))
        {
            if (detection.Roc is { } roc)
            {
                plots[$"roc-{code.ToLowerInvariant()}"] = CurvePlots.Roc(code, detection.RocByProbability, roc);
            }

            if (detection.Froc is { Points.Count: > 0 } froc)
            {
                plots[$"froc-{code.ToLowerInvariant()}"] = CurvePlots.Froc(code, detection.FrocByProbability, froc);
            }
        }

        return plots;
    }
}
