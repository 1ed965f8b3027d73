using HemoApi.Evaluations;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Evaluation;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Storage;

namespace HemoApi.Tests.Evaluations;

/// <summary>Detection by kind of site, against the intervals of SciPy.</summary>
public sealed class SiteDetectionTests
{
    [Fact]
    public void Sensitivity_and_specificity_of_each_site_have_Wilsons_intervals_of_its_own_cases()
    {
        var grid = Stacks.Axial(6, 5, 2, spacingMm: 10, sliceSpacingMm: 10);
        var (blood, nothing) = (grid.MaskOf((2, 2, 1, HemorrhageType.Sdh)), grid.MaskOf());
        List<EvaluatedCase> cases =
        [
            .. Cases(CohortSite.Internal, found: 37, missed: 4, clean: 28, alarms: 2),
            .. Cases(CohortSite.External, found: 13, missed: 0, clean: 9, alarms: 7),
        ];

        var groups = EvaluationResults.GroupsOf(cases);

        Assert.Equal(["all", "internal", "external"], groups.Select(g => g.Site));
        Assert.All(groups, group => Assert.All([group.Statistics.Types[2].Detection, group.Statistics.AnyType], detection =>
        {
            var (sensitivity, specificity) = (detection.Sensitivity!, detection.Specificity!);
            double[] ours =
            [
                sensitivity.Hits, sensitivity.Count, sensitivity.Interval.Low, sensitivity.Interval.High,
                specificity.Hits, specificity.Count, specificity.Interval.Low, specificity.Interval.High,
            ];
            Assert.All(ReferenceValues.Of($"site.{group.Site}").Zip(ours), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
            Assert.Equal((sensitivity.Hits / (double)sensitivity.Count, specificity.Hits / (double)specificity.Count), (sensitivity.Share, specificity.Share));
        }));

        IEnumerable<EvaluatedCase> Cases(CohortSite site, int found, int missed, int clean, int alarms) =>
            new[] { (blood, blood, found), (nothing, blood, missed), (nothing, nothing, clean), (blood, nothing, alarms) }
                .SelectMany(kind => Enumerable.Repeat(CaseComparison.Of(kind.Item1, kind.Item2, []), kind.Item3))
                .Select(comparison => new EvaluatedCase(Guid.NewGuid(), site, comparison, null));
    }
}
