using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Results;

/// <param name="SpacingMm">Between the centres of columns, of rows, and (the mean) of slices along their normal.</param>
/// <param name="GantryTiltDegrees">Angle between the stacking direction and the slice normal.</param>
/// <param name="ConvolutionKernel">(0018,1210) of its first slice; absent where it is not known, and in results of versions before it.</param>
public sealed record SeriesDocument(
    string SeriesInstanceUid,
    string StudyInstanceUid,
    string? Description,
    double[] SpacingMm,
    int SliceCount,
    double GantryTiltDegrees,
    GeometryDocument Geometry,
    string? ConvolutionKernel = null)
{
    public static SeriesDocument Of(SeriesPlan series) => new(
        series.SeriesInstanceUid,
        series.StudyInstanceUid,
        series.Description,
        [series.Geometry.ColumnSpacingMm, series.Geometry.RowSpacingMm, series.Geometry.MeanSliceSpacingMm],
        series.Geometry.SliceCount,
        series.GantryTiltDegrees,
        GeometryDocument.Of(series.Geometry),
        series.Slices[0].ConvolutionKernel);

    /// <summary>The geometry that the document was made of.</summary>
    public VolumeGeometry ToGeometry() => new(
        Geometry.Columns,
        Geometry.Rows,
        Vectors.Of(Geometry.RowDirectionLps),
        Vectors.Of(Geometry.ColumnDirectionLps),
        rowSpacingMm: SpacingMm[1],
        columnSpacingMm: SpacingMm[0],
        [.. Geometry.Slices.Select(s => new SlicePlane(Vectors.Of(s.OriginLpsMm), s.ThicknessMm))]);
}

/// <summary>Where the voxels lie. Voxel (column, row, slice) has its centre at the slice's origin + column × column spacing ×
/// rowDirectionLps + row × row spacing × columnDirectionLps.</summary>
/// <param name="RowDirectionLps">Unit direction of increasing column index.</param>
/// <param name="ColumnDirectionLps">Unit direction of increasing row index.</param>
/// <param name="NormalLps">Slices ascend along it.</param>
/// <param name="Slices">True positions; slices may be unevenly spaced.</param>
public sealed record GeometryDocument(
    int Columns,
    int Rows,
    double[] RowDirectionLps,
    double[] ColumnDirectionLps,
    double[] NormalLps,
    IReadOnlyList<SliceDocument> Slices)
{
    public static GeometryDocument Of(VolumeGeometry geometry) => new(
        geometry.Columns,
        geometry.Rows,
        geometry.RowDirection.ToArray(),
        geometry.ColumnDirection.ToArray(),
        geometry.Normal.ToArray(),
        [.. geometry.Slices.Select((s, k) => new SliceDocument(s.OriginLpsMm.ToArray(), s.ThicknessMm, geometry.SliceExtentMm(k)))]);
}

/// <param name="OriginLpsMm">Centre of the voxel at column 0, row 0.</param>
/// <param name="ThicknessMm">SliceThickness (0018,0050).</param>
/// <param name="ExtentMm">Half the distance to each neighbour, along the normal.</param>
public sealed record SliceDocument(double[] OriginLpsMm, double ThicknessMm, double ExtentMm);

public static class Vectors
{
    public static Vector3D Of(double[] v) => new(v[0], v[1], v[2]);

    public static double[] ToArray(this Vector3D v) => [v.X, v.Y, v.Z];
}
