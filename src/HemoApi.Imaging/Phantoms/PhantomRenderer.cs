using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>Scans a phantom onto any slice grid: averages through the slice thickness (partial volume), then artefacts and noise.</summary>
public static class PhantomRenderer
{
    private const double SubsampleMm = 1;

    /// <summary>A whole stack. A voxel is labelled where blood fills at least half of it.</summary>
    public static (CtVolume Image, LabelVolume Labels) Render(HeadPhantom head, ScannerSettings scanner, VolumeGeometry geometry)
    {
        var hounsfield = new short[geometry.VoxelCount];
        var labels = new byte[geometry.VoxelCount];
        var size = geometry.Rows * geometry.Columns;
        Parallel.For(0, geometry.SliceCount, slice =>
        {
            var hu = new float[size];
            RenderSlice(head, scanner, geometry, slice, hu, labels.AsSpan(slice * size, size));
            var target = hounsfield.AsSpan(slice * size, size);
            for (var i = 0; i < size; i++)
            {
                target[i] = (short)Math.Clamp(MathF.Round(hu[i]), -1024, 3071);
            }
        });
        return (new(geometry, hounsfield), new(geometry, labels));
    }

    /// <summary>One slice of a geometry, rows × columns, HU not rounded.</summary>
    /// <param name="warp">Displaces head and hemorrhages; null leaves them as they are, with volumes as the phantom says.</param>
    internal static void RenderSlice(
        HeadPhantom head, ScannerSettings scanner, VolumeGeometry geometry, int slice, Span<float> hu, Span<byte> labels, PhantomWarp? warp = null)
    {
        var thickness = geometry.Slices[slice].ThicknessMm;

        // An odd number: half-filled voxels would otherwise be ties, and counting ties as blood makes every volume too large.
        var subsamples = (2 * (int)Math.Round(thickness / SubsampleMm / 2)) + 1;
        var normal = head.Pose.DirectionToHead(geometry.Normal);
        var stepAcross = head.Pose.DirectionToHead(geometry.RowDirection) * geometry.ColumnSpacingMm;
        var stepDown = head.Pose.DirectionToHead(geometry.ColumnDirection) * geometry.RowSpacingMm;
        var origin = head.Pose.ToHead(geometry.Slices[slice].OriginLpsMm);
        var tissue = new PhantomSliceSampler(head, scanner, origin, normal, thickness);
        var noise = new PhantomNoise(head.Seed ^ ((ulong)(slice + 1) * 0x9E3779B97F4A7C15UL), scanner);
        noise.Fill(hu, geometry.Columns, geometry.Rows);
        var texture = noise.Texture(geometry.Columns, geometry.Rows, geometry.ColumnSpacingMm);
        var displacement = warp?.OverPlane(geometry.Columns, geometry.Rows, (column, row) => origin + (stepAcross * column) + (stepDown * row));
        for (var row = 0; row < geometry.Rows; row++)
        {
            for (var column = 0; column < geometry.Columns; column++)
            {
                var centre = origin + (stepAcross * column) + (stepDown * row);
                if (displacement is not null)
                {
                    centre += displacement[row, column];
                }

                tissue.MoveTo(centre);
                var slowVariation = texture[row, column];
                if (head.Scalp.NormalisedRadius(centre) > 1.5 || tissue.IsUniform(centre))
                {
                    Write(tissue.Sample(centre, slowVariation), labels, hu, (row * geometry.Columns) + column);
                    continue;
                }

                var sum = default(PhantomSample);
                for (var s = 0; s < subsamples; s++)
                {
                    var depth = ((s + 0.5) / subsamples) - 0.5;
                    sum += tissue.Sample(centre + (normal * (depth * thickness)), slowVariation);
                }

                Write(sum.Over(subsamples), labels, hu, (row * geometry.Columns) + column);
            }
        }
    }

    private static void Write(PhantomSample sample, Span<byte> labels, Span<float> hu, int index)
    {
        labels[index] = sample.Label;

        // Noise needs photons that passed tissue: far less of it in air.
        hu[index] = (float)(sample.Hu + (hu[index] * (sample.Hu < -500 ? 0.3 : 1)));
    }
}

/// <summary>Density and the share of the voxel that each type of blood fills.</summary>
internal readonly record struct PhantomSample(double Hu, double Ich, double Edh, double Sdh)
{
    public byte Label => Ich + Edh + Sdh < 0.5 ? (byte)0
        : Ich >= Edh && Ich >= Sdh ? (byte)HemorrhageType.Ich
        : Edh >= Sdh ? (byte)HemorrhageType.Edh : (byte)HemorrhageType.Sdh;

    public static PhantomSample operator +(PhantomSample a, PhantomSample b) => new(a.Hu + b.Hu, a.Ich + b.Ich, a.Edh + b.Edh, a.Sdh + b.Sdh);

    public PhantomSample Over(int count) => new(Hu / count, Ich / count, Edh / count, Sdh / count);
}
