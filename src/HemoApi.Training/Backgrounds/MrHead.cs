using System.IO.Compression;
using HemoApi.Imaging.Import;

namespace HemoApi.Training.Backgrounds;

/// <summary>A head as CT would show it, made of a T1-weighted MR template of one person and its brain mask: real gyri, ventricles and
/// cerebellum under a skull where MR shows the dark of bone. Colin27 (Debian's package mricron-data: ch2.nii.gz and ch2bet.nii.gz) is one.</summary>
/// <remarks>Densities are those of the middle of the range; a scene draws its own contrast (<see cref="TissueContrast"/>).</remarks>
internal static class MrHead
{
    public const string HeadFile = "head.nii.gz";
    public const string BrainFile = "brain.nii.gz";

    private const float CsfHu = 7;
    private const float GreyHu = 37;
    private const float WhiteHu = 29;
    private const double SulcusMm = 8;
    private const double DuraMm = 1.6;
    private const double SkullMm = 6.5;
    private const double ScalpMm = 4;

    /// <param name="folder">Holds <see cref="HeadFile"/> and <see cref="BrainFile"/>, on one grid of 1 mm, axes along the head's.</param>
    /// <exception cref="InvalidDataException">One is missing or no such image.</exception>
    public static HeadField Build(string folder)
    {
        if (!File.Exists(Path.Combine(folder, BrainFile)))
        {
            throw new InvalidDataException($"{Path.GetFileName(folder)} has no {BrainFile}");
        }

        var head = Read(Path.Combine(folder, HeadFile));
        var brain = Read(Path.Combine(folder, BrainFile));
        if (head.Header.Dimensions != brain.Header.Dimensions)
        {
            throw new InvalidDataException($"{HeadFile} and {BrainFile} in {Path.GetFileName(folder)} are not on one grid");
        }

        var (cortex, white) = Peaks(head.Values, brain.Values);
        var (t1, levels, rows, columns) = Resample(head.Header, head.Values);
        var (mask, _, _, _) = Resample(brain.Header, Array.ConvertAll(brain.Values, v => v > 0 ? 1f : 0f));
        var inBrain = Array.ConvertAll(mask, m => m >= 0.5f);
        var toBrain = Distance(Array.ConvertAll(inBrain, b => !b));
        var closed = Distance(Array.ConvertAll(toBrain, d => d <= SulcusMm));
        var cavity = new bool[t1.Length];
        Parallel.For(0, cavity.Length, i => cavity[i] = closed[i] > SulcusMm - DuraMm || toBrain[i] <= DuraMm);
        var toCavity = Distance(Array.ConvertAll(cavity, c => !c));
        var tissue = Array.ConvertAll(t1, v => v > 0.18f * cortex);
        var inHead = Distance(FillLevels(tissue, levels, rows, columns));
        var toBright = Distance(Array.ConvertAll(tissue, t => !t));
        var hu = new float[t1.Length];
        var outside = new float[t1.Length];
        Parallel.For(0, hu.Length, i =>
        {
            hu[i] = inHead[i] <= 0 ? -1000
                : cavity[i] ? Brain(t1[i], cortex, white, inBrain[i])
                : toCavity[i] <= SkullMm && inHead[i] > ScalpMm ? Bone(toCavity[i])
                : toBright[i] > 3 ? -900
                : !tissue[i] && inHead[i] > ScalpMm ? 500
                : t1[i] > 1.6f * cortex ? -70
                : 50;
            outside[i] = cavity[i] ? 0 : (float)Math.Clamp(toCavity[i] - Math.Min(SkullMm, toCavity[i] + inHead[i] - ScalpMm), 0, 50);
        });

        // CT does not separate cortex and white matter as sharply as MR.
        var smooth = FieldFilters.Smooth(hu, levels, rows, columns);
        Parallel.For(0, hu.Length, i => hu[i] = toCavity[i] <= 0 && closed[i] > SulcusMm + 2 ? (hu[i] + smooth[i]) / 2 : hu[i]);
        return new HeadField(hu, cavity, outside, levels, rows, columns, nativeThicknessMm: 1);

        float[] Distance(bool[] inside) => DistanceTransform.ToOutsideMm(inside, levels, rows, columns, HeadField.PlaneMm, HeadField.LevelMm);
    }

    private static float Bone(float depthMm) => depthMm is < 1.8f or > 4.7f ? 1100 : 600;

    /// <summary>CSF under half of the grey peak, then up to grey, then down to white matter, which is brighter on T1 and darker on CT.</summary>
    private static float Brain(float t1, float cortex, float white, bool inBrain)
    {
        if (!inBrain && t1 > cortex)
        {
            // Marrow, fat or vessels between brain and skull.
            return CsfHu + 6;
        }

        var (low, high) = (0.45f * cortex, 0.92f * cortex);
        return t1 <= low ? CsfHu
            : t1 < high ? CsfHu + ((GreyHu - CsfHu) * (t1 - low) / (high - low))
            : GreyHu + ((WhiteHu - GreyHu) * Math.Clamp((t1 - cortex) / (white - cortex), 0, 1));
    }

    /// <summary>The two highest peaks of the brain's histogram that lie apart.</summary>
    private static (float Cortex, float White) Peaks(float[] head, float[] brain)
    {
        var values = head.Zip(brain).Where(p => p.Second > 0).Select(p => p.First).ToArray();
        var step = values.Max() / 64;
        var counts = new int[65];
        foreach (var value in values)
        {
            counts[(int)Math.Max(0, value / step)]++;
        }

        var first = Array.IndexOf(counts, counts.Max());
        var second = Enumerable.Range(0, counts.Length).Where(k => Math.Abs(k - first) > 6).MaxBy(k => counts[k]);
        return ((Math.Min(first, second) + 0.5f) * step, (Math.Max(first, second) + 0.5f) * step);
    }

    private static bool[] FillLevels(bool[] mask, int levels, int rows, int columns)
    {
        var area = rows * columns;
        var filled = new bool[mask.Length];
        Parallel.For(0, levels, level => PixelRegions.FillHoles(mask.AsSpan(level * area, area).ToArray(), rows, columns).CopyTo(filled.AsSpan(level * area)));
        return filled;
    }

    /// <summary>Onto the grid of fields, with a frame of 8 mm.</summary>
    private static (float[] Values, int Levels, int Rows, int Columns) Resample(NiftiHeader header, float[] values)
    {
        const double FrameMm = 8;
        var (ni, nj, nk) = header.Dimensions;
        var a = header.LpsAffine;
        var signs = (X: Math.Sign(a[0, 0]), Y: Math.Sign(a[1, 1]), Z: Math.Sign(a[2, 2]));
        var columns = (int)((ni + (2 * FrameMm)) / HeadField.PlaneMm);
        var rows = (int)((nj + (2 * FrameMm)) / HeadField.PlaneMm);
        var levels = (int)(nk / HeadField.LevelMm);
        var result = new float[levels * rows * columns];
        Parallel.For(0, levels, level =>
        {
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var (x, y, z) = ((column * HeadField.PlaneMm) - FrameMm, (row * HeadField.PlaneMm) - FrameMm, level * HeadField.LevelMm);
                    result[(((level * rows) + row) * columns) + column] =
                        Linear(signs.X > 0 ? x : ni - 1 - x, signs.Y > 0 ? y : nj - 1 - y, signs.Z > 0 ? z : nk - 1 - z);
                }
            }
        });
        return (result, levels, rows, columns);

        float Linear(double i, double j, double k)
        {
            if (i < 0 || j < 0 || k < 0 || i >= ni - 1 || j >= nj - 1 || k >= nk - 1)
            {
                return 0;
            }

            var (i0, j0, k0) = ((int)i, (int)j, (int)k);
            var (u, v, w) = ((float)(i - i0), (float)(j - j0), (float)(k - k0));
            var at = (((k0 * nj) + j0) * ni) + i0;
            var low = Plane(at);
            return low + ((Plane(at + (ni * nj)) - low) * w);

            float Plane(int p)
            {
                var top = values[p] + ((values[p + 1] - values[p]) * u);
                var bottom = values[p + ni] + ((values[p + ni + 1] - values[p + ni]) * u);
                return top + ((bottom - top) * v);
            }
        }
    }

    private static (NiftiHeader Header, float[] Values) Read(string file)
    {
        using var unzipped = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        unzipped.CopyTo(memory);
        var bytes = memory.ToArray();
        if (!NiftiHeader.Parse(bytes.AsSpan(0, Math.Min(bytes.Length, NiftiHeader.Length))).TryGet(out var header, out var fault))
        {
            throw new InvalidDataException($"{Path.GetFileName(file)}: {fault.Detail}");
        }

        var values = new float[header.VoxelCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)((header.Slope * header.DataType.Read(bytes.AsSpan((int)header.VoxelOffset + (i * header.DataType.Bytes)), header.IsLittleEndian)) + header.Intercept);
        }

        return (header, values);
    }
}
