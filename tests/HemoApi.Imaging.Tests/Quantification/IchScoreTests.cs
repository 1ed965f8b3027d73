using HemoApi.Imaging.Quantification;

namespace HemoApi.Imaging.Tests.Quantification;

/// <summary>Points as in the table of Hemphill et al. 2001.</summary>
public sealed class IchScoreTests
{
    [Theory]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 1)]
    [InlineData(12, 1)]
    [InlineData(13, 0)]
    [InlineData(15, 0)]
    public void The_coma_scale_scores(int scale, int points) => Assert.Equal(points, IchScore.Of(scale, 50, false, false, 5).Score);

    [Theory]
    [InlineData(79, 29.999, false, false, 0)]
    [InlineData(80, 29.999, false, false, 1)]
    [InlineData(79, 30, false, false, 1)]
    [InlineData(79, 5, true, false, 1)]
    [InlineData(79, 5, false, true, 1)]
    [InlineData(80, 30, true, true, 4)]
    public void Age_volume_ventricles_and_place_score_a_point_each(int age, double volumeMl, bool ventricles, bool infratentorial, int points) =>
        Assert.Equal(points, IchScore.Of(15, age, ventricles, infratentorial, volumeMl).Score);

    /// <summary>Counted from the table, item by item: 13 × 2 × 2 × 2 × 2 combinations.</summary>
    [Fact]
    public void Every_combination_has_the_sum_of_its_points()
    {
        int[] comaPoints = [2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0];
        var seen = new SortedDictionary<int, int>();
        foreach (var scale in Enumerable.Range(3, 13))
        {
            for (var bits = 0; bits < 16; bits++)
            {
                bool Has(int bit) => (bits >> bit & 1) == 1;
                var score = IchScore.Of(scale, Has(0) ? 80 : 79, Has(1), Has(2), Has(3) ? 30 : 29.99);

                Assert.Equal(comaPoints[scale - 3] + int.PopCount(bits), score.Score);
                Assert.Empty(score.Missing);
                seen[score.Score!.Value] = seen.GetValueOrDefault(score.Score.Value) + 1;
            }
        }

        // Points of coma 2, 1, 0 for 2, 8 and 3 scales, times the binomial coefficients of four items.
        Assert.Equal([3, 20, 52, 68, 47, 16, 2], seen.Values);
        Assert.Equal(Enumerable.Range(0, 7), seen.Keys);
    }

    [Fact]
    public void One_missing_item_leaves_no_score()
    {
        Assert.Equal("ageYears", Assert.Single(IchScore.Of(3, null, true, true, 40).Missing));
        Assert.Null(IchScore.Of(3, null, true, true, 40).Score);
        Assert.Equal(5, IchScore.Of(null, null, null, null, null).Missing.Count);
    }

    [Fact]
    public void A_coma_scale_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => IchScore.Of(2, 50, false, false, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => IchScore.Of(16, 50, false, false, 5));
    }
}
