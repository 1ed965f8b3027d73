namespace HemoApi.Training;

/// <summary>One labelled slice, or a crop of one.</summary>
/// <param name="Image">Normalised HU, row-major [size, size].</param>
/// <param name="Labels">0 none, else <see cref="Imaging.Masks.HemorrhageType"/>; row-major [size, size].</param>
public sealed record TrainingSample(float[] Image, byte[] Labels, int Size);

/// <summary>Makes the sample of a seed: the same one each time, and from any thread.</summary>
/// <param name="size">Side in pixels.</param>
public delegate TrainingSample SampleSource(ulong seed, int size);
