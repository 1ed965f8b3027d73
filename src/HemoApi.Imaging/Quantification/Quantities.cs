using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>Volume of one type. Both are planimetric: sums over slices of segmented area × a length.</summary>
/// <param name="VolumeMl">Area × the slice's true extent along the normal (<see cref="VolumeGeometry.SliceExtentMm"/>).</param>
/// <param name="VolumeByThicknessMl">Area × SliceThickness, as in Xu et al. 2021; differs where slices overlap or leave gaps.</param>
/// <param name="Uncertainty">Sums over the lesions: all of them taken too small or too large together. Null where nothing was found.</param>
/// <param name="Abc2VolumeMl">Sum of the lesions' <see cref="Abc2Estimate"/>; null for EDH and SDH, and where nothing was found.</param>
public sealed record TypeVolume(HemorrhageType Type, double VolumeMl, double VolumeByThicknessMl, int LesionCount, VolumeUncertainty? Uncertainty, double? Abc2VolumeMl);

/// <summary>How far a planimetric volume can be trusted, from two sources that do not add up: read them apart.</summary>
/// <param name="FromProbabilities">Null where the network's probabilities are not known.</param>
public sealed record VolumeUncertainty(ProbabilityRange? FromProbabilities, PartialVolumeRange FromPartialVolume);

/// <summary>Inclusive voxel indices.</summary>
public sealed record VoxelBox(int MinColumn, int MinRow, int MinSlice, int MaxColumn, int MaxRow, int MaxSlice);

/// <summary>One connected lesion (26-neighbourhood) of one type.</summary>
/// <param name="Id">1 for the largest, then descending by volume.</param>
/// <param name="CentroidLpsMm">Volume-weighted mean of the voxel centres, LPS mm.</param>
/// <param name="Hu">Of the lesion's voxels.</param>
/// <param name="SurfaceAreaMm2">See <see cref="SurfaceArea"/>; right to a few percent.</param>
/// <param name="Sphericity">Surface of the sphere of the same volume over the lesion's own (Wadell 1935): 1 for a sphere, less for all else.</param>
/// <param name="LongestDiameterMm">In any direction; see <see cref="LongestDiameter"/>.</param>
/// <param name="MaximalThicknessMm">EDH and SDH against bone only, experimental; see <see cref="MaximalThickness"/>.</param>
/// <param name="Side">Null where the head shows no symmetry plane.</param>
/// <param name="MaximumProbability">The highest probability of its type in any of its voxels, 0 to 1, calibrated as far as the model is; null where the
/// probabilities are not known, as of a reader's mask.</param>
/// <param name="Abc2">Of an intracerebral lesion; null for EDH and SDH, for which it is not applicable.</param>
/// <param name="TouchesBorder">On the first or last slice, or at the edge of the image: part of it may lie outside of the scan.</param>
public sealed record Lesion(
    int Id,
    HemorrhageType Type,
    double VolumeMl,
    double VolumeByThicknessMl,
    Vector3D CentroidLpsMm,
    VoxelBox BoundingBox,
    HuDistribution Hu,
    double SurfaceAreaMm2,
    double Sphericity,
    double LongestDiameterMm,
    double? MaximalThicknessMm,
    LesionSide? Side,
    VolumeUncertainty Uncertainty,
    double? MaximumProbability,
    Abc2Estimate? Abc2,
    bool TouchesBorder);

/// <param name="SymmetryPlane">Of the head; null where it was not needed because nothing was found, or the skull shows none.</param>
public sealed record Quantities(
    IReadOnlyList<TypeVolume> Volumes,
    double TotalVolumeMl,
    double TotalVolumeByThicknessMl,
    IReadOnlyList<Lesion> Lesions,
    SymmetryPlane? SymmetryPlane);
