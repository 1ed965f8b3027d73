using static TorchSharp.torch;

namespace HemoApi.Training.Tests;

public sealed class SegmentationLossTests
{
    [Fact]
    public void A_certain_and_right_answer_costs_nothing_and_a_wrong_one_much()
    {
        using var scope = NewDisposeScope();
        var targets = zeros(2, 3, 64, 64);
        targets[0, 1, 10..40, 10..40] = ones(30, 30);

        var (_, right) = SegmentationLoss.Compute((targets * 40) - 20, targets);
        var (_, empty) = SegmentationLoss.Compute(full([2, 3, 64, 64], -20f), targets);
        var (_, otherType) = SegmentationLoss.Compute((targets.roll(1, 1) * 40) - 20, targets);

        Assert.Equal(0, right.Total, 1e-4f);
        // 900 pixels missed of one class of three: Dice 50/950; missed in one slice of two: Dice 20/920.
        Assert.Equal(0.3 * (900.0 / 950) / 3, empty.ClassDice, 1e-3);
        Assert.Equal(0.5 * (900.0 / 920) / 2, empty.UnionDice, 1e-3);
        Assert.Equal(10 * 20.0 * 900 / (2 * 3 * 64 * 64), empty.CrossEntropy, 1e-2);
        Assert.Equal(0, otherType.UnionDice, 1e-3);
        Assert.True(otherType.ClassDice > 0.15);
        // Softmax of three equal logits: ln 3; of the wrong one 40 higher: 40.
        Assert.Equal(0.3 * Math.Log(3), empty.Type, 1e-4);
        Assert.Equal(0.3 * 40, otherType.Type, 1e-3);
    }

    [Fact]
    public void A_recall_weight_over_one_half_makes_missed_blood_dearer_than_false_blood()
    {
        using var scope = NewDisposeScope();
        var (targets, half) = (zeros(1, 3, 64, 64), zeros(1, 3, 64, 64));
        targets[0, 0, 10..30, 10..30] = ones(20, 20);
        half[0, 0, 10..30, 10..20] = ones(20, 10);

        double Union(Tensor found, Tensor truth, double weight) => SegmentationLoss.Compute((found * 40) - 20, truth, weight).Terms.UnionDice;

        // 200 pixels right and 200 missed, smoothed by 20: 1 − 420 / (2·(1 − w)·200 + 2·w·400 + 20).
        Assert.Equal(0.5 * (1 - (420.0 / 620)), Union(half, targets, 0.5), 1e-3);
        Assert.Equal(0.5 * (1 - (420.0 / 700)), Union(half, targets, 0.7), 1e-3);
        Assert.Equal(0.5 * (1 - (420.0 / 540)), Union(targets, half, 0.7), 1e-3);
    }
}
