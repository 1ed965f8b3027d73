using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HemoApi.Training.Networks;

internal static class Norms
{
    /// <summary>What the module does, but for its count of batches, which nothing here needs: TorchSharp 0.107 adds to it by a temporary
    /// scalar that the garbage collector may free before libtorch has read it ("Unknown scalar type").</summary>
    public static Tensor Normalise(this BatchNorm2d norm, Tensor input) => functional.batch_norm(
        input, norm.running_mean!, norm.running_var!, norm.weight!, norm.bias!, norm.training);
}
