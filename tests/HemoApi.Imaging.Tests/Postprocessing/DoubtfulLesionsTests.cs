using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Tests.Quantification;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Postprocessing;

public sealed class DoubtfulLesionsTests
{
    private static readonly ModelManifest Manifest = TinyNetwork.Manifest([]) with { MinimumMeanProbability = 0.7, MinimumSupport = 0.6 };

    [Theory]
    [InlineData(0.85, true)]
    [InlineData(0.95, false)]
    public void A_small_lesion_in_one_slice_stays_only_if_the_network_is_very_sure_of_it(double probability, bool isDoubtful)
    {
        // 1.3 ml.
        Assert.Equal(isDoubtful, IsDoubtful(16, slices: 1, probability));
    }

    [Fact]
    public void The_same_lesion_through_three_slices_stays_at_a_lower_probability()
    {
        // 3.8 ml.
        Assert.False(IsDoubtful(16, slices: 3, 0.85));
    }

    [Theory]
    [InlineData(0.65, true)]
    [InlineData(0.75, false)]
    public void A_lesion_of_10_ml_is_judged_by_its_own_voxels_alone(double probability, bool isDoubtful)
    {
        // 10.6 ml.
        Assert.Equal(isDoubtful, IsDoubtful(46, slices: 1, probability));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_rule_for_the_type_judges_in_place_of_the_probabilities(bool isBlood)
    {
        // 2.1 ml.
        var (image, lesion) = Ich(radiusMm: 8);

        Assert.Equal(!isBlood, Judge(image, lesion, 0, Rule(HemorrhageType.Ich, isBlood)));
        Assert.Equal(!isBlood, Judge(image, lesion, 1, Rule(HemorrhageType.Ich, isBlood)));
        Assert.True(Judge(image, lesion, 0, Rule(HemorrhageType.Sdh, isBlood)));
        Assert.False(Judge(image, lesion, 1, Rule(HemorrhageType.Sdh, isBlood)));
    }

    [Theory]
    [InlineData(0.65, true)]
    [InlineData(0.75, false)]
    public void Findings_of_50_ml_are_judged_by_their_probabilities_whatever_the_rule_says(double probability, bool isDoubtful)
    {
        // 57.9 ml.
        var (image, lesion) = Ich(radiusMm: 24);

        Assert.Equal(isDoubtful, Judge(image, lesion, probability, Rule(HemorrhageType.Ich, isBlood: isDoubtful)));
    }

    [Theory]
    [InlineData(0.65, true)]
    [InlineData(0.75, false)]
    public void Where_no_skull_tells_places_the_probabilities_judge(double probability, bool isDoubtful) =>
        Assert.Equal(isDoubtful, IsDoubtful(46, slices: 1, probability, Manifest with { FindingRules = [new("SDH", new double[6], [1, 1, 1, 1, 1, 1], new double[28], isDoubtful ? 0 : 1)] }));

    private static (CtVolume Image, ConnectedLesion Lesion) Ich(double radiusMm)
    {
        var head = Heads.With(new(default, new(60, 84, 64)), Heads.Upright, PhantomLesion.Intracerebral(new(new(20, 10, 20), new(radiusMm, radiusMm, radiusMm)), 70));
        var (image, mask) = PhantomRenderer.Render(head, ScannerSettings.Ideal, Heads.Stack(5));
        return (image, ConnectedLesions.Find(mask).Single());
    }

    /// <summary>Blood is what lies nearer to the middle than to the side, or the other way round; these lesions are a third of the way out.</summary>
    private static FindingRule Rule(HemorrhageType type, bool isBlood) =>
        new(type.Code(), [0, 0, 0, 0, 0, 0.5], [1, 1, 1, 1, 1, 1], [.. new double[6], isBlood ? -50 : 50, .. new double[21]], 0.5);

    private static bool Judge(CtVolume image, ConnectedLesion lesion, double probability, FindingRule rule)
    {
        var levels = new byte[image.Geometry.VoxelCount];
        Array.Fill(levels, (byte)(probability * ProbabilityLevels.Certain));
        return new DoubtfulLesions(image, new(image.Geometry, levels), Manifest with { FindingRules = [rule] }).Contains(lesion);
    }

    /// <summary>A block of side × side pixels of 1 mm² in slices of 5 mm, of one probability, with nothing around it.</summary>
    private static bool IsDoubtful(int side, int slices, double probability, ModelManifest? manifest = null)
    {
        var geometry = Stacks.Axial(48, 48, 7, spacingMm: 1, sliceSpacingMm: 5);
        var labels = new byte[geometry.VoxelCount];
        var levels = new byte[geometry.VoxelCount];
        for (var i = 0; i < labels.Length; i++)
        {
            var (slice, row, column) = (i / (48 * 48), i / 48 % 48, i % 48);
            if (slice >= 2 && slice < 2 + slices && row < side && column < side)
            {
                (labels[i], levels[i]) = ((byte)HemorrhageType.Sdh, (byte)(probability * ProbabilityLevels.Certain));
            }
        }

        var lesion = ConnectedLesions.Find(new LabelVolume(geometry, labels)).Single();
        return new DoubtfulLesions(geometry.Water(), new(geometry, levels), manifest ?? Manifest).Contains(lesion);
    }
}
