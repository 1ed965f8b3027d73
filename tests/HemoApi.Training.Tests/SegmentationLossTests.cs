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
}
