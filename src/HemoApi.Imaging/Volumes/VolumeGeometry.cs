namespace HemoApi.Imaging.Volumes;

/// <summary>Where one slice lies.</summary>
/// <param name="OriginLpsMm">Centre of the voxel at column 0, row 0 (ImagePositionPatient, PS3.3 C.7.6.2.1.1).</param>
/// <param name="ThicknessMm">SliceThickness (0018,0050): how much the scanner averaged, not the distance to the next slice.</param>
public readonly record struct SlicePlane(Vector3D OriginLpsMm, double ThicknessMm);

/// <summary>The geometry of a stack of parallel slices in LPS mm, apart from its voxels. Slices keep their true positions:
/// they may be tilted against the stacking direction (sheared) and unevenly spaced. Valid by construction.</summary>
/// <remarks>Voxel order everywhere: <c>index = (slice * Rows + row) * Columns + column</c>; slices ascend along <see cref="Normal"/>.</remarks>
public sealed class VolumeGeometry
{
    private const double OrthogonalityTolerance = 1e-3;

    /// <param name="rowDirection">Unit direction of increasing column index (first triple of ImageOrientationPatient).</param>
    /// <param name="columnDirection">Unit direction of increasing row index (second triple of ImageOrientationPatient).</param>
    /// <param name="rowSpacingMm">Distance between the centres of neighbouring rows (first value of PixelSpacing).</param>
    /// <param name="columnSpacingMm">Distance between the centres of neighbouring columns (second value of PixelSpacing).</param>
    /// <param name="slices">Planes, strictly ascending along the normal (rowDirection × columnDirection).</param>
    /// <exception cref="ArgumentException">Any value that does not describe a real stack.</exception>
    public VolumeGeometry(
        int columns,
        int rows,
        Vector3D rowDirection,
        Vector3D columnDirection,
        double rowSpacingMm,
        double columnSpacingMm,
        IReadOnlyList<SlicePlane> slices)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentNullException.ThrowIfNull(slices);
        RequirePositive(rowSpacingMm, nameof(rowSpacingMm));
        RequirePositive(columnSpacingMm, nameof(columnSpacingMm));
        RequireUnit(rowDirection, nameof(rowDirection));
        RequireUnit(columnDirection, nameof(columnDirection));
        if (!(Math.Abs(rowDirection.Dot(columnDirection)) <= OrthogonalityTolerance))
        {
            throw new ArgumentException("row and column directions are not orthogonal");
        }

        if (slices.Count == 0)
        {
            throw new ArgumentException("a volume has at least one slice", nameof(slices));
        }

        Columns = columns;
        Rows = rows;
        RowDirection = rowDirection.Normalized();
        ColumnDirection = columnDirection.Normalized();
        Normal = RowDirection.Cross(ColumnDirection).Normalized();
        RowSpacingMm = rowSpacingMm;
        ColumnSpacingMm = columnSpacingMm;
        Slices = [.. slices];
        for (var k = 0; k < Slices.Count; k++)
        {
            RequirePositive(Slices[k].ThicknessMm, nameof(slices));
            if (!Slices[k].OriginLpsMm.IsFinite || (k > 0 && !(PositionAlongNormalMm(k) > PositionAlongNormalMm(k - 1))))
            {
                throw new ArgumentException("slices must have finite positions that ascend strictly along the normal", nameof(slices));
            }
        }
    }

    public int Columns { get; }

    public int Rows { get; }

    public int SliceCount => Slices.Count;

    public long VoxelCount => (long)Columns * Rows * SliceCount;

    public Vector3D RowDirection { get; }

    public Vector3D ColumnDirection { get; }

    /// <summary>Unit normal, RowDirection × ColumnDirection; slices ascend along it.</summary>
    public Vector3D Normal { get; }

    public double RowSpacingMm { get; }

    public double ColumnSpacingMm { get; }

    public IReadOnlyList<SlicePlane> Slices { get; }

    /// <summary>In-plane area of one voxel, mm².</summary>
    public double PixelAreaMm2 => RowSpacingMm * ColumnSpacingMm;

    /// <summary>Mean distance between neighbouring slices along the normal, mm; the thickness where there is one slice.</summary>
    public double MeanSliceSpacingMm => SliceCount == 1
        ? Slices[0].ThicknessMm
        : (PositionAlongNormalMm(SliceCount - 1) - PositionAlongNormalMm(0)) / (SliceCount - 1);

    /// <summary>What the stack reaches over along the normal, the outer halves of its end slices included, mm, as if its slices were even.</summary>
    public double StackHeightMm => MeanSliceSpacingMm * SliceCount;

    public double PositionAlongNormalMm(int slice) => Slices[slice].OriginLpsMm.Dot(Normal);

    /// <summary>Distance along the normal from slice to slice + 1, mm.</summary>
    public double GapAfterMm(int slice) => PositionAlongNormalMm(slice + 1) - PositionAlongNormalMm(slice);

    /// <summary>The slice's true extent along the normal, mm: half the distance to each neighbour. An end slice has one
    /// neighbour; its outer half mirrors the inner one. A single slice extends by its thickness.</summary>
    public double SliceExtentMm(int slice)
    {
        if (SliceCount == 1)
        {
            return Slices[0].ThicknessMm;
        }

        var before = slice > 0 ? GapAfterMm(slice - 1) : GapAfterMm(slice);
        var after = slice < SliceCount - 1 ? GapAfterMm(slice) : GapAfterMm(slice - 1);
        return (before + after) / 2;
    }

    /// <summary>Centre of a voxel (fractional indices allowed in the plane) in LPS mm.</summary>
    public Vector3D ToLpsMm(double column, double row, int slice) =>
        Slices[slice].OriginLpsMm + (RowDirection * (column * ColumnSpacingMm)) + (ColumnDirection * (row * RowSpacingMm));

    /// <summary>Mean step from slice to slice in LPS mm; not parallel to the normal where the gantry was tilted.</summary>
    public Vector3D MeanSliceStepLpsMm => SliceCount == 1
        ? Normal * Slices[0].ThicknessMm
        : (Slices[^1].OriginLpsMm - Slices[0].OriginLpsMm) * (1.0 / (SliceCount - 1));

    /// <summary>Angle between the stacking direction and the normal, degrees; 0 for an orthogonal stack.</summary>
    public double ShearDegrees =>
        Math.Acos(Math.Clamp(MeanSliceStepLpsMm.Normalized().Dot(Normal), -1, 1)) * 180 / Math.PI;

    /// <summary>4×4 row-major affine (column, row, slice, 1) → LPS mm. Exact for evenly spaced stacks, sheared ones included;
    /// for uneven stacks it joins the first and the last slice.</summary>
    public double[,] LpsAffine()
    {
        var i = RowDirection * ColumnSpacingMm;
        var j = ColumnDirection * RowSpacingMm;
        var k = MeanSliceStepLpsMm;
        var o = Slices[0].OriginLpsMm;
        return new[,]
        {
            { i.X, j.X, k.X, o.X },
            { i.Y, j.Y, k.Y, o.Y },
            { i.Z, j.Z, k.Z, o.Z },
            { 0, 0, 0, 1 },
        };
    }

    private static void RequirePositive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentException("must be a positive, finite length", name);
        }
    }

    private static void RequireUnit(Vector3D direction, string name)
    {
        if (!direction.IsFinite || !(Math.Abs(direction.Length - 1) <= OrthogonalityTolerance))
        {
            throw new ArgumentException("must be a unit direction", name);
        }
    }
}
