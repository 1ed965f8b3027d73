using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Training.Backgrounds;

/// <summary>The field of a head CT. Its levels are parallel to the slices, so a tilted gantry stays in the head's frame.</summary>
internal static class CtHead
{
    private const float AirHu = -1000;
    private const int MeanOver = 1;

    /// <returns>Null where no level has a closed cavity.</returns>
    /// <exception cref="InvalidDataException">The slices are not axial.</exception>
    public static HeadField? Build(CtVolume image)
    {
        var geometry = image.Geometry;
        if (!CanonicalPlane.Of(geometry).IsAxial)
        {
            throw new InvalidDataException("a background has axial slices");
        }

        var (hu, levels, rows, columns) = Resample(image);
        var area = rows * columns;
        var found = Enumerable.Range(0, levels).AsParallel().AsOrdered()
            .Select(level => CranialCavity.Find(Mean(hu, level, levels, area), rows, columns, HeadField.PlaneMm)).ToArray();
        var cavity = new bool[hu.Length];
        var outside = new float[hu.Length];
        Parallel.For(0, levels, level =>
        {
            // A level that alone has none, or one, between two others is a mistake of the search.
            if (Majority(found, level) && (found[level] ?? found[Math.Max(0, level - 1)]) is { } slice)
            {
                slice.Cavity.CopyTo(cavity.AsSpan(level * area));
            }

            var skull = found[level]?.Skull ?? Array.ConvertAll(hu.AsSpan(level * area, area).ToArray(), v => v > CranialCavity.BoneHu);
            Array.ConvertAll(DistanceTransform.ToOutside(Array.ConvertAll(skull, s => !s), rows, columns), p => (float)Math.Min(p * HeadField.PlaneMm, 50))
                .CopyTo(outside.AsSpan(level * area));
        });
        KeepLongestRun(cavity, levels, area);
        return cavity.Contains(true) ? new HeadField(hu, cavity, outside, levels, rows, columns, geometry.Slices[0].ThicknessMm) : null;
    }

    private static (float[] Hu, int Levels, int Rows, int Columns) Resample(CtVolume image)
    {
        var geometry = image.Geometry;
        var (left, posterior, superior) = Axes(geometry);
        var corners = Corners(geometry).ToList();
        var (x0, x1) = (corners.Min(c => c.Dot(left)), corners.Max(c => c.Dot(left)));
        var (y0, y1) = (corners.Min(c => c.Dot(posterior)), corners.Max(c => c.Dot(posterior)));
        var (z0, z1) = (corners.Min(c => c.Dot(superior)), corners.Max(c => c.Dot(superior)));
        var columns = (int)((x1 - x0) / HeadField.PlaneMm) + 1;
        var rows = (int)((y1 - y0) / HeadField.PlaneMm) + 1;
        var levels = (int)((z1 - z0) / HeadField.LevelMm) + 1;
        var hu = new float[levels * rows * columns];
        Parallel.For(0, levels, level =>
        {
            var z = z0 + (level * HeadField.LevelMm);
            var (low, high, share) = Between(geometry, (superior * z).Dot(geometry.Normal));
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var point = (left * (x0 + (column * HeadField.PlaneMm))) + (posterior * (y0 + (row * HeadField.PlaneMm))) + (superior * z);
                    var below = InSlice(image, low, point);
                    hu[(((level * rows) + row) * columns) + column] = below + ((float)share * (InSlice(image, high, point) - below));
                }
            }
        });
        return (hu, levels, rows, columns);
    }

    /// <summary>The slices' own axes, those nearest to left, posterior and superior.</summary>
    private static (Vector3D Left, Vector3D Posterior, Vector3D Superior) Axes(VolumeGeometry geometry)
    {
        var (row, column) = Math.Abs(geometry.RowDirection.X) >= Math.Abs(geometry.ColumnDirection.X)
            ? (geometry.RowDirection, geometry.ColumnDirection)
            : (geometry.ColumnDirection, geometry.RowDirection);
        return (row * Math.Sign(row.X), column * Math.Sign(column.Y), geometry.Normal * Math.Sign(geometry.Normal.Z));
    }

    private static IEnumerable<Vector3D> Corners(VolumeGeometry geometry) =>
        from slice in (int[])[0, geometry.SliceCount - 1]
        from row in (int[])[0, geometry.Rows - 1]
        from column in (int[])[0, geometry.Columns - 1]
        select geometry.ToLpsMm(column, row, slice);

    private static (int Low, int High, double Share) Between(VolumeGeometry geometry, double positionMm)
    {
        var high = 0;
        while (high < geometry.SliceCount - 1 && geometry.PositionAlongNormalMm(high) < positionMm)
        {
            high++;
        }

        var low = Math.Max(0, high - 1);
        var gap = geometry.PositionAlongNormalMm(high) - geometry.PositionAlongNormalMm(low);
        return (low, high, gap == 0 ? 0 : Math.Clamp((positionMm - geometry.PositionAlongNormalMm(low)) / gap, 0, 1));
    }

    private static float InSlice(CtVolume image, int slice, Vector3D point)
    {
        var geometry = image.Geometry;
        var d = point - geometry.Slices[slice].OriginLpsMm;
        var (x, y) = (d.Dot(geometry.RowDirection) / geometry.ColumnSpacingMm, d.Dot(geometry.ColumnDirection) / geometry.RowSpacingMm);
        var (column, row) = ((int)Math.Floor(x), (int)Math.Floor(y));
        if (column < 0 || row < 0 || column >= geometry.Columns - 1 || row >= geometry.Rows - 1)
        {
            return AirHu;
        }

        var values = image.Slice(slice);
        var at = (row * geometry.Columns) + column;
        var (u, v) = ((float)(x - column), (float)(y - row));
        var top = values[at] + ((values[at + 1] - values[at]) * u);
        var bottom = values[at + geometry.Columns] + ((values[at + geometry.Columns + 1] - values[at + geometry.Columns]) * u);
        return Math.Max(AirHu, top + ((bottom - top) * v));
    }

    private static float[] Mean(float[] hu, int level, int levels, int area)
    {
        var (from, to) = (Math.Max(0, level - MeanOver), Math.Min(levels - 1, level + MeanOver));
        var mean = new float[area];
        for (var k = from; k <= to; k++)
        {
            for (var i = 0; i < area; i++)
            {
                mean[i] += hu[(k * area) + i] / (to - from + 1);
            }
        }

        return mean;
    }

    private static bool Majority(CavitySlice?[] found, int level) =>
        Enumerable.Range(level - 1, 3).Count(k => k >= 0 && k < found.Length && found[k] is not null) >= 2;

    private static void KeepLongestRun(bool[] cavity, int levels, int area)
    {
        var has = Enumerable.Range(0, levels).Select(level => cavity.AsSpan(level * area, area).Contains(true)).ToArray();
        var (bestStart, bestLength) = (0, 0);
        for (int level = 0, start = 0; level <= levels; level++)
        {
            if (level == levels || !has[level])
            {
                (bestStart, bestLength) = level - start > bestLength ? (start, level - start) : (bestStart, bestLength);
                start = level + 1;
            }
        }

        cavity.AsSpan(0, bestStart * area).Clear();
        cavity.AsSpan((bestStart + bestLength) * area).Clear();
    }
}
