namespace HemoApi.Training.Backgrounds;

/// <param name="Cavity">Rows × columns.</param>
/// <param name="Skull">Rows × columns, the skull and all within it.</param>
internal sealed record CavitySlice(bool[] Cavity, bool[] Skull);

/// <summary>Finds the cranial cavity in an axial slice by the bone around it.</summary>
internal static class CranialCavity
{
    public const float BoneHu = 250;
    private const float NotBrainHu = 160;
    private const float FatHu = -30;

    /// <summary>Closes sutures, foramina and thin bone; the second, tried where the first leaves the skull open, burr holes and sinuses, too.</summary>
    private static readonly double[] ClosingsMm = [5, 14];

    private const double OpeningMm = 4;
    public const double SmallestAreaMm2 = 1600;

    /// <summary>Of the edge of the cavity has bone within <see cref="BoneWithinMm"/>: less, and the slice shows a face or no closed skull.</summary>
    private const double LeastBoneAround = 0.85;
    private const double BoneWithinMm = 3;

    /// <returns>Null where the slice has no closed cavity.</returns>
    public static CavitySlice? Find(float[] hu, int rows, int columns, double spacingMm) =>
        ClosingsMm.Select(closingMm => Find(hu, rows, columns, spacingMm, closingMm)).FirstOrDefault(slice => slice is not null);

    private static CavitySlice? Find(float[] hu, int rows, int columns, double spacingMm, double closingMm)
    {
        bool[] bone = [.. hu.Select(v => v > BoneHu)];
        var skull = Fill(bone, rows, columns, closingMm / spacingMm);
        var smooth = Smooth(hu, rows, columns, (int)Math.Round(1 / spacingMm));
        bool[] soft = [.. skull.Select((inside, i) => inside && hu[i] <= NotBrainHu && smooth[i] > FatHu)];
        var core = PixelRegions.Largest(DistanceTransform.Erode(soft, rows, columns, OpeningMm / spacingMm), rows, columns);
        var grown = DistanceTransform.Dilate(core, rows, columns, (OpeningMm + 1) / spacingMm);
        var cavity = PixelRegions.FillHoles([.. grown.Select((g, i) => g && skull[i] && hu[i] <= NotBrainHu)], rows, columns);
        if (cavity.Count(c => c) * spacingMm * spacingMm < SmallestAreaMm2 || BoneAround(cavity, bone, rows, columns, spacingMm) < LeastBoneAround)
        {
            return null;
        }

        return new CavitySlice(cavity, skull);
    }

    /// <summary>Closing by a disc, then holes; with a frame of the disc's size, so that a head at the border of the image closes as well.</summary>
    private static bool[] Fill(bool[] bone, int rows, int columns, double radius)
    {
        var pad = (int)Math.Ceiling(radius) + 2;
        var (paddedRows, paddedColumns) = (rows + (2 * pad), columns + (2 * pad));
        var padded = new bool[paddedRows * paddedColumns];
        for (var row = 0; row < rows; row++)
        {
            bone.AsSpan(row * columns, columns).CopyTo(padded.AsSpan(((row + pad) * paddedColumns) + pad));
        }

        var closed = PixelRegions.FillHoles(DistanceTransform.Dilate(padded, paddedRows, paddedColumns, radius), paddedRows, paddedColumns);
        closed = DistanceTransform.Erode(closed, paddedRows, paddedColumns, radius);
        bool[] whole = PixelRegions.FillHoles([.. closed.Select((c, i) => c || padded[i])], paddedRows, paddedColumns);
        var result = new bool[bone.Length];
        for (var row = 0; row < rows; row++)
        {
            whole.AsSpan(((row + pad) * paddedColumns) + pad, columns).CopyTo(result.AsSpan(row * columns));
        }

        return result;
    }

    private static double BoneAround(bool[] cavity, bool[] bone, int rows, int columns, double spacingMm)
    {
        var nearBone = DistanceTransform.Dilate(bone, rows, columns, BoneWithinMm / spacingMm);
        var core = DistanceTransform.Erode(cavity, rows, columns, 1.5);
        var (edge, beside) = (0, 0);
        for (var i = 0; i < cavity.Length; i++)
        {
            if (cavity[i] && !core[i])
            {
                edge++;
                beside += nearBone[i] ? 1 : 0;
            }
        }

        return edge == 0 ? 0 : beside / (double)edge;
    }

    /// <summary>Mean over a square.</summary>
    private static float[] Smooth(float[] values, int rows, int columns, int radius)
    {
        var result = new float[values.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var (sum, count) = (0f, 0);
                for (var r = Math.Max(0, row - radius); r <= Math.Min(rows - 1, row + radius); r++)
                {
                    for (var c = Math.Max(0, column - radius); c <= Math.Min(columns - 1, column + radius); c++)
                    {
                        sum += values[(r * columns) + c];
                        count++;
                    }
                }

                result[(row * columns) + column] = sum / count;
            }
        }

        return result;
    }

}
