using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HemoApi.Training.Networks;

/// <summary>One step up the U: doubles the maps below (nearest), concatenates the encoder's maps of that size, then twice
/// conv 3×3–BN–ReLU. ([n, below, h/2, w/2], [n, skip, h, w]) → [n, outputs, h, w].</summary>
internal sealed class DecoderLevel : Module<Tensor, Tensor, Tensor>
{
    public DecoderLevel(int below, int skip, int outputs)
        : base(nameof(DecoderLevel))
    {
        First = Conv2d(below + skip, outputs, 3, padding: 1, bias: false);
        FirstNorm = BatchNorm2d(outputs);
        Second = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
        SecondNorm = BatchNorm2d(outputs);
        RegisterComponents();
    }

    public Conv2d First { get; }

    public BatchNorm2d FirstNorm { get; }

    public Conv2d Second { get; }

    public BatchNorm2d SecondNorm { get; }

    public override Tensor forward(Tensor below, Tensor skip)
    {
        using var scope = NewDisposeScope();
        var upsampled = functional.interpolate(below, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        var features = functional.relu(FirstNorm.call(First.call(cat([upsampled, skip], 1))));
        return functional.relu(SecondNorm.call(Second.call(features))).MoveToOuterDisposeScope();
    }
}
