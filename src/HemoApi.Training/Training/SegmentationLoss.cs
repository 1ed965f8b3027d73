using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HemoApi.Training;

/// <summary>The terms of the loss of one batch, weighted as they are summed.</summary>
public readonly record struct LossTerms(float CrossEntropy, float ClassDice, float UnionDice, float Type)
{
    public float Total => CrossEntropy + ClassDice + UnionDice + Type;

    /// <summary>Soft Dice of any hemorrhage, mean over the slices of the batch, those without included.</summary>
    public double Dice => 1 - (UnionDice / SegmentationLoss.UnionWeight);
}

/// <summary>10 × mean binary cross-entropy + 0.3 × (1 − soft Dice) of each class over the batch + 0.5 × (1 − soft Dice) of any
/// hemorrhage for each slice + 0.3 × the mean cross-entropy of the type (softmax over the classes) over pixels of blood.</summary>
/// <remarks>The paper uses the cross-entropy alone. The Dice terms keep small lesions from being outvoted by the background; the
/// union term teaches to find blood even where its type is unclear; the type term does nothing but tell extradural from subdural
/// blood, which look alike but for their shape. The smoothing constants, in pixels, make an empty slice
/// with an empty answer free of loss.</remarks>
internal static class SegmentationLoss
{
    private const double CrossEntropyWeight = 10;
    private const double ClassWeight = 0.3;
    public const double UnionWeight = 0.5;
    private const double TypeWeight = 0.3;
    private const double ClassSmoothing = 50;
    private const double UnionSmoothing = 20;

    /// <param name="logits">[n, 3, h, w]</param>
    /// <param name="targets">[n, 3, h, w], 0 or 1, at most one class a pixel.</param>
    /// <param name="recallWeight">What missed blood costs in the Dice terms, against what false blood costs, of 1 together: 0.5 is Dice, more
    /// is Tversky's index (Salehi et al. 2017), which trades false blood for missed blood.</param>
    /// <returns>The loss to differentiate, and its terms.</returns>
    public static (Tensor Loss, LossTerms Terms) Compute(Tensor logits, Tensor targets, double recallWeight = 0.5)
    {
        using var scope = NewDisposeScope();
        var crossEntropy = functional.binary_cross_entropy_with_logits(logits, targets).Times(CrossEntropyWeight);
        var probabilities = logits.sigmoid();
        var classDice = SoftDice(probabilities, targets, [0, 2, 3], ClassSmoothing, recallWeight).Complement().mean().Times(ClassWeight);

        var absent = probabilities.Complement();
        var union = (absent.select(1, 0) * absent.select(1, 1) * absent.select(1, 2)).Complement();
        var unionDice = SoftDice(union, targets.sum(1), [1, 2], UnionSmoothing, recallWeight).Complement().mean().Times(UnionWeight);

        var blood = targets.sum().clamp(min: HeldScalars.Of(1));
        var typeOfBlood = ((functional.log_softmax(logits, 1) * targets).sum() / blood).Times(-TypeWeight);

        var loss = crossEntropy.Plus(classDice).Plus(unionDice).Plus(typeOfBlood);
        var terms = new LossTerms(crossEntropy.item<float>(), classDice.item<float>(), unionDice.item<float>(), typeOfBlood.item<float>());
        return (loss.MoveToOuterDisposeScope(), terms);
    }

    /// <summary>2·TP / (2·TP + 2·(1 − w)·FP + 2·w·FN), of which the denominator is 2·(1 − w)·Σp + 2·w·Σt.</summary>
    private static Tensor SoftDice(Tensor probabilities, Tensor targets, long[] over, double smoothing, double recallWeight) =>
        (probabilities * targets).sum(over).Times(2).Plus(smoothing)
        / probabilities.Times(2 * (1 - recallWeight)).Plus(targets.Times(2 * recallWeight)).sum(over).Plus(smoothing);
}
