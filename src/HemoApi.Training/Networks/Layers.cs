using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HemoApi.Training.Networks;

/// <summary>Layers of float32 weights on maps of float32 or of bfloat16, which come out as they came in.</summary>
internal static class Layers
{
    /// <summary>What the module does, but for its count of batches, which nothing here needs: TorchSharp 0.107 adds to it by a temporary
    /// scalar that the garbage collector may free before libtorch has read it ("Unknown scalar type").</summary>
    public static Tensor Normalise(this BatchNorm2d norm, Tensor input) => functional.batch_norm(
        input, norm.running_mean!, norm.running_var!, norm.weight!, norm.bias!, norm.training);

    /// <param name="convolution">Without bias.</param>
    /// <param name="input">[n, in, h, w]</param>
    public static Tensor Convolve(this Conv2d convolution, Tensor input) => input.dtype == convolution.weight!.dtype
        ? convolution.call(input)
        : functional.conv2d(
            input, convolution.weight!.to_type(input.dtype), null, convolution.stride, convolution.padding, convolution.dilation);

    /// <summary>The same maps with the channels of a pixel side by side in memory, where convolutions of bfloat16 are fastest.</summary>
    public static Tensor ChannelsLast(this Tensor maps) => maps.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
