using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Registration;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Registration;

public sealed class LesionMatchingTests
{
    private static readonly VolumeGeometry Geometry = Stacks.Axial(60, 60, 30, 1, 2);

    /// <summary>The follow-up's head lies 12 mm further to the left than the baseline's.</summary>
    private static readonly RigidMotion Back = RigidMotion.About(default, default, new(-12, 0, 0));

    [Fact]
    public void Lesions_are_matched_where_they_lie_in_the_head_and_not_in_the_scanner()
    {
        // Without the motion the follow-up's lesion would cover the second of the baseline.
        var matched = Match([(15, 30, 6, HemorrhageType.Ich), (29, 30, 5, HemorrhageType.Ich)], [(27, 30, 6, HemorrhageType.Ich)]);

        Assert.Equal([([1], [1]), ([2], [])], matched.Select(m => (m.BaselineIds, m.FollowUpIds)));
        Assert.Equal(0, matched[1].FollowUpMl);
    }

    [Fact]
    public void Lesions_that_have_merged_are_one_group_with_the_sum_of_their_volumes()
    {
        var matched = Assert.Single(Match([(14, 24, 4, HemorrhageType.Ich), (14, 36, 5, HemorrhageType.Ich)], [(26, 30, 11, HemorrhageType.Ich)]));

        Assert.Equal([1, 2], matched.BaselineIds);
        Assert.Equal([1], matched.FollowUpIds);
        Assert.InRange(matched.BaselineMl / (Stacks.EllipsoidMl(4, 4, 4) + Stacks.EllipsoidMl(5, 5, 5)), 0.9, 1.1);
    }

    [Fact]
    public void Lesions_of_different_types_are_never_the_same()
    {
        var matched = Match([(15, 30, 6, HemorrhageType.Edh)], [(27, 30, 6, HemorrhageType.Sdh)]);

        Assert.Equal([([], [1]), ([1], [])], matched.Select(m => (m.BaselineIds, m.FollowUpIds)));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(8, false)]
    public void A_lesion_beside_the_place_of_another_is_the_same_up_to_three_millimetres(double gapMm, bool same)
    {
        var matched = Match([(15, 30, 4, HemorrhageType.Ich)], [(27 + 8 + gapMm, 30, 4, HemorrhageType.Ich)]);

        Assert.Equal(same ? 1 : 2, matched.Count);
    }

    private static IReadOnlyList<MatchedLesions> Match((double X, double Y, double R, HemorrhageType Type)[] baseline, (double X, double Y, double R, HemorrhageType Type)[] followUp) =>
        LesionMatching.Match(Lesions(baseline), Lesions(followUp), Back);

    private static LocatedLesions Lesions((double X, double Y, double R, HemorrhageType Type)[] spheres) => new(Geometry.DrawMask(p =>
    {
        foreach (var (x, y, r, type) in spheres)
        {
            if (p.InEllipsoid(new(x, y, 30), r, r, r))
            {
                return type;
            }
        }

        return null;
    }));
}
