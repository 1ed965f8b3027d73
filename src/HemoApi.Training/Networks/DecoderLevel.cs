using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HemoApi.Training.Networks;

/// <summary>One step up the U: doubles the maps below (nearest), concatenates the encoder's maps of that size, then twice
/// conv 3×3–BN–ReLU. ([n, below, h/2, w/2], [n, skip, h, w]) → [n, outputs, h, w].</summary>
internal sealed class DecoderLevel : Module<Tensor, Tensor, Tensor>
{
    /// <summary>Float32 kernels of libtorch 2.10 for 3×3 convolutions of 774 and of 776 channels read what lies behind the last channel as
    /// if it belonged to the image: answers off by 7 % and more, and other ones each time. Multiples of 16 are right.</summary>
    private const int SafeMultiple = 16;

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
        var features = functional.relu(FirstNorm.Normalise(ConvolveSafely(First, [upsampled, skip])));
        return functional.relu(SecondNorm.Normalise(Second.Convolve(features))).MoveToOuterDisposeScope();
    }

    /// <summary>The convolution of the concatenated maps, with channels of zeros up to the next safe number of them.</summary>
    private static Tensor ConvolveSafely(Conv2d convolution, Tensor[] maps)
    {
        var missing = (SafeMultiple - (convolution.in_channels % SafeMultiple)) % SafeMultiple;
        if (missing == 0)
        {
            return convolution.Convolve(cat(maps, 1));
        }

        var shape = maps[0].shape;
        var padded = cat([.. maps, zeros(shape[0], missing, shape[2], shape[3], dtype: maps[0].dtype)], 1);
        var kernel = functional.pad(convolution.weight!, [0, 0, 0, 0, 0, missing]).to_type(maps[0].dtype);
        return functional.conv2d(padded, kernel, padding: [1, 1]);
    }
}
