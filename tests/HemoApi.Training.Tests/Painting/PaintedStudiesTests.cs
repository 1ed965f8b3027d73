using HemoApi.Imaging.Masks;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Tests.Painting;

public class PaintedStudiesTests
{
    [Fact]
    public void A_study_of_a_name_is_the_same_each_time_and_has_its_type_alone()
    {
        var first = new PaintedStudies([BallHead.Instance], wide: false).OfType(HemorrhageType.Edh, 2).Studies.Last();
        var again = new PaintedStudies([BallHead.Instance], wide: false).OfType(HemorrhageType.Edh, 2).Studies.Last();
        Assert.Equal($"EDH-painted-{PhantomStudies.First(HemorrhageType.Edh) + 1}", first.Name);
        Assert.Equal(first.Name, again.Name);
        Assert.Equal(first.Image.Hounsfield, again.Image.Hounsfield);
        Assert.DoesNotContain(first.Reference.Labels, label => label is not (0 or (byte)HemorrhageType.Edh));
    }

    [Fact]
    public void Unusual_heads_have_names_of_their_own_and_are_others_than_the_usual_ones()
    {
        var usual = new PaintedStudies([BallHead.Instance], wide: false).OfType(HemorrhageType.Edh, 1).Studies.Single();
        var wide = new PaintedStudies([BallHead.Instance], wide: true).OfType(HemorrhageType.Edh, 1).Studies.Single();
        Assert.NotEqual(usual.Name, wide.Name);
        Assert.NotEqual(usual.Reference.Labels, wide.Reference.Labels);
        Assert.Contains(wide.Reference.Labels, label => label == (byte)HemorrhageType.Edh);
    }

    [Fact]
    public void No_seed_of_a_cohort_is_one_of_training_or_of_another_type()
    {
        ulong[] firsts = [.. HemorrhageTypes.All.Select(type => PhantomStudies.First(type)), PhantomStudies.First(null)];
        Assert.Equal(firsts, firsts.Order());
        Assert.All(firsts.Zip(firsts.Skip(1)), pair => Assert.True(pair.Second - pair.First >= PhantomStudies.Largest));
        Assert.True(firsts[^1] + PhantomStudies.Largest < TrainingSeeds.TrainingStart);
    }
}
