using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Inference;

/// <summary>The highest probability of one type in a run of voxels that got the same label, one after the other in a row of the slice as the network
/// sees it. Neighbours of one label are of one lesion whatever becomes of the mask, so what a lesion holds is known from its runs, and memory grows with
/// outlines and not with the volume.</summary>
/// <param name="Voxel">The first voxel of the run, in the voxel order of <see cref="Volumes.VolumeGeometry"/>.</param>
/// <param name="Type">Also other ones than the label: a collection may become one type as a whole.</param>
/// <param name="Probability">0 to 1, calibrated.</param>
public readonly record struct RunPeak(int Voxel, HemorrhageType Type, float Probability);
