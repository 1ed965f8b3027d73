using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Preprocessing;

namespace HemoApi.Training;

/// <summary>Samples drawn from head phantoms, normalised and spaced as the network's manifest will say.</summary>
internal static class PhantomSource
{
    /// <summary>In-plane; 512 pixels are 256 mm, which holds a head.</summary>
    public const double SpacingMm = 0.5;

    public static HuNormalisation Normalisation => HuNormalisation.Default;

    public static TrainingSample Sample(ulong seed, int size)
    {
        var slice = PhantomSlice.Draw(seed, size, SpacingMm);
        return Normalised(slice.Hu, slice.Labels, size);
    }

    /// <param name="hu">size × size.</param>
    public static TrainingSample Normalised(float[] hu, byte[] labels, int size)
    {
        var image = new float[hu.Length];
        Normalisation.Apply(hu, image);
        return new TrainingSample(image, labels, size);
    }
}
