using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>Volume of one type. Both are planimetric: sums over slices of segmented area × a length.</summary>
/// <param name="VolumeMl">Area × the slice's true extent along the normal (<see cref="VolumeGeometry.SliceExtentMm"/>).</param>
/// <param name="VolumeByThicknessMl">Area × SliceThickness, as in Xu et al. 2021; differs where slices overlap or leave gaps.</param>
/// <param name="Abc2VolumeMl">Sum of the lesions' <see cref="Abc2Estimate"/>; null for EDH and SDH, and where nothing was found.</param>
public sealed record TypeVolume(HemorrhageType Type, double VolumeMl, double VolumeByThicknessMl, int LesionCount, double? Abc2VolumeMl);

/// <summary>Inclusive voxel indices.</summary>
public sealed record VoxelBox(int MinColumn, int MinRow, int MinSlice, int MaxColumn, int MaxRow, int MaxSlice);

/// <summary>One connected lesion (26-neighbourhood) of one type.</summary>
/// <param name="Id">1 for the largest, then descending by volume.</param>
/// <param name="CentroidLpsMm">Volume-weighted mean of the voxel centres, LPS mm.</param>
/// <param name="SdHu">Standard deviation of HU over the lesion's voxels (population), volume weighted like the mean.</param>
/// <param name="Abc2">Of an intracerebral lesion; null for EDH and SDH, for which it is not applicable.</param>
/// <param name="TouchesBorder">On the first or last slice, or at the edge of the image: part of it may lie outside of the scan.</param>
public sealed record Lesion(
    int Id,
    HemorrhageType Type,
    double VolumeMl,
    double VolumeByThicknessMl,
    Vector3D CentroidLpsMm,
    VoxelBox BoundingBox,
    double MeanHu,
    double SdHu,
    Abc2Estimate? Abc2,
    bool TouchesBorder);

public sealed record Quantities(
    IReadOnlyList<TypeVolume> Volumes,
    double TotalVolumeMl,
    double TotalVolumeByThicknessMl,
    IReadOnlyList<Lesion> Lesions);
