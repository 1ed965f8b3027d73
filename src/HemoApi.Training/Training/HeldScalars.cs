using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace HemoApi.Training;

/// <summary>Arithmetic of tensors with constants. TorchSharp 0.107 turns a number, and the weight 1 of a sum, into a
/// temporary <see cref="Scalar"/> that the garbage collector may free before libtorch has read it: "Unknown scalar type" at best, a
/// wrong number at worst. The scalars made here are never freed, so they are for constants only.</summary>
internal static class HeldScalars
{
    private static readonly ConcurrentDictionary<double, Scalar> Held = new();

    public static Scalar Of(double constant) => Held.GetOrAdd(constant, c => c.ToScalar());

    public static Tensor Plus(this Tensor tensor, double constant) => tensor.add(Of(constant), Of(1));

    public static Tensor Plus(this Tensor tensor, Tensor other) => tensor.add(other, Of(1));

    public static Tensor Times(this Tensor tensor, double constant) => tensor.mul(Of(constant));

    /// <summary>1 − tensor.</summary>
    public static Tensor Complement(this Tensor tensor) => tensor.neg().add(Of(1), Of(1));
}
