using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Preprocessing;

/// <summary>How to walk through the voxels of a slice so that it lies as the network knows it: axial slices with rows to posterior
/// and columns to the patient's left, coronal ones with rows to inferior and columns to the left, sagittal ones with rows to
/// inferior and columns to posterior. Only axes are swapped and reversed; no voxel is moved or changed.</summary>
/// <param name="Rows">Rows of the canonical slice.</param>
/// <param name="Columns">Columns of the canonical slice.</param>
/// <param name="Offset">Index within the stored slice of canonical row 0, column 0.</param>
/// <param name="RowStride">Step within the stored slice from one canonical row to the next.</param>
/// <param name="ColumnStride">Step within the stored slice from one canonical column to the next.</param>
/// <param name="IsAxial">The normal is closest to the head-feet axis.</param>
public readonly record struct CanonicalPlane(
    int Rows,
    int Columns,
    int Offset,
    int RowStride,
    int ColumnStride,
    double RowSpacingMm,
    double ColumnSpacingMm,
    bool IsAxial)
{
    private static readonly Vector3D Left = new(1, 0, 0);
    private static readonly Vector3D Posterior = new(0, 1, 0);
    private static readonly Vector3D Inferior = new(0, 0, -1);

    public static CanonicalPlane Of(VolumeGeometry geometry)
    {
        var (normalX, normalY, normalZ) = (Math.Abs(geometry.Normal.X), Math.Abs(geometry.Normal.Y), Math.Abs(geometry.Normal.Z));
        var isAxial = normalZ >= normalX && normalZ >= normalY;
        var toRow = isAxial ? Posterior : Inferior;
        var toColumn = isAxial || normalY >= normalX ? Left : Posterior;

        var alongRow = new StoredAxis(geometry.RowDirection, geometry.Columns, 1, geometry.ColumnSpacingMm);
        var alongColumn = new StoredAxis(geometry.ColumnDirection, geometry.Rows, geometry.Columns, geometry.RowSpacingMm);
        var (rows, columns) = alongColumn.Closeness(toRow) + alongRow.Closeness(toColumn) >= alongRow.Closeness(toRow) + alongColumn.Closeness(toColumn)
            ? (alongColumn, alongRow)
            : (alongRow, alongColumn);
        return new CanonicalPlane(
            rows.Count,
            columns.Count,
            rows.StartFor(toRow) + columns.StartFor(toColumn),
            rows.StrideFor(toRow),
            columns.StrideFor(toColumn),
            rows.SpacingMm,
            columns.SpacingMm,
            isAxial);
    }

    private readonly record struct StoredAxis(Vector3D Direction, int Count, int Stride, double SpacingMm)
    {
        public double Closeness(Vector3D target) => Math.Abs(Direction.Dot(target));

        public int StrideFor(Vector3D target) => IsReversed(target) ? -Stride : Stride;

        public int StartFor(Vector3D target) => IsReversed(target) ? (Count - 1) * Stride : 0;

        private bool IsReversed(Vector3D target) => Direction.Dot(target) < 0;
    }
}
