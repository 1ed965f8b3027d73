using System.Globalization;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Import;

/// <summary>How the pixels of a frame lie in the voxel order of a series: pixel (column, row) is the voxel of index
/// Origin + column × StrideColumn + row × StrideRow.</summary>
internal readonly record struct PlaneMatch(long Origin, long StrideColumn, long StrideRow)
{
    /// <summary>A frame is placed by its own position, on the series' slice that lies there, whatever the distances between slices; its
    /// axes may be swapped and run either way.</summary>
    /// <returns><see cref="FaultCodes.ReferenceGridMismatch"/> where no slice has its corners there, to <see cref="GridMatch.ToleranceMm"/>.</returns>
    public static Outcome<PlaneMatch> Find(
        int columns, int rows, Vector3D originLpsMm, Vector3D columnStepMm, Vector3D rowStepMm, VolumeGeometry geometry, int frame)
    {
        var along = originLpsMm.Dot(geometry.Normal);
        var slice = Enumerable.Range(0, geometry.SliceCount).MinBy(k => Math.Abs(geometry.PositionAlongNormalMm(k) - along));
        var nearestMm = double.PositiveInfinity;
        for (var arrangement = 0; arrangement < 8; arrangement++)
        {
            var isSwapped = (arrangement & 4) != 0;
            if ((isSwapped ? (rows, columns) : (columns, rows)) != (geometry.Columns, geometry.Rows))
            {
                continue;
            }

            (double Column, double Row) There(int column, int row)
            {
                var (c, r) = ((arrangement & 1) != 0 ? columns - 1 - column : column, (arrangement & 2) != 0 ? rows - 1 - row : row);
                return isSwapped ? (r, c) : (c, r);
            }

            var distanceMm = 0.0;
            foreach (var (column, row) in new[] { (0, 0), (columns - 1, 0), (0, rows - 1), (columns - 1, rows - 1) })
            {
                var there = There(column, row);
                distanceMm = Math.Max(distanceMm, (originLpsMm + (columnStepMm * column) + (rowStepMm * row) - geometry.ToLpsMm(there.Column, there.Row, slice)).Length);
            }

            if (distanceMm <= GridMatch.ToleranceMm)
            {
                long Index(int column, int row) => (((long)slice * geometry.Rows) + (long)There(column, row).Row) * geometry.Columns + (long)There(column, row).Column;
                var first = Index(0, 0);
                return new PlaneMatch(first, columns > 1 ? Index(1, 0) - first : 0, rows > 1 ? Index(0, 1) - first : 0);
            }

            nearestMm = Math.Min(nearestMm, distanceMm);
        }

        return new Fault(
            FaultCodes.ReferenceGridMismatch,
            double.IsInfinity(nearestMm)
                ? $"Frame {frame} has {columns} × {rows} pixels, the series {geometry.Columns} × {geometry.Rows}."
                : string.Create(CultureInfo.InvariantCulture, $"Frame {frame} lies on no slice of the series: the nearest is {nearestMm:0.##} mm off, and {GridMatch.ToleranceMm} mm are allowed."),
            "Draw the segmentation on the images of the study as they were sent; masks are never resampled.");
    }
}
