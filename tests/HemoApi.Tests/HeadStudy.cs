using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Tests.Dicom;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Tests;

/// <summary>A small head CT as an upload: one ellipsoid of blood in an ellipsoid of brain, so that its volume is known.</summary>
internal sealed record HeadStudy
{
    public const short BloodHu = 72;

    /// <summary>Half axes of the blood, mm.</summary>
    public static readonly Vector3D RadiiMm = new(14, 11, 13);

    public static readonly Vector3D CentreLpsMm = new(58, 44, 40);

    public static readonly VolumeGeometry Geometry = Stacks.Axial(128, 96, 31, spacingMm: 1, sliceSpacingMm: 2.5);

    private static readonly ConcurrentDictionary<double, short[]> Voxels = [];

    public static double VolumeMl => Stacks.EllipsoidMl(RadiiMm.X, RadiiMm.Y, RadiiMm.Z);

    /// <summary>Studies of different names are different studies with the same image.</summary>
    public string Name { get; init; } = "head";

    /// <summary>The last word on every file's dataset.</summary>
    public Action<DicomDataset>? Change { get; init; }

    public Func<int, string> EntryName { get; init; } = k => $"DICOM/IM{k:000}";

    /// <summary>Noise of this many HU either way, which neither hides blood nor makes any; it makes the image slow to compress.</summary>
    public int NoiseHu { get; init; }

    /// <summary>Of the blood's half axes; 0 is a head without blood.</summary>
    public double BloodScale { get; init; } = 1;

    public string StudyInstanceUid => DicomUid.FromSeed($"{Name} study");

    public string SeriesInstanceUid => DicomUid.FromSeed($"{Name} series");

    public byte[] Zip()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var k = 0; k < Geometry.SliceCount; k++)
            {
                using var entry = zip.CreateEntry(EntryName(k), CompressionLevel.Fastest).Open();
                entry.Write(File(k));
            }
        }

        return file.ToArray();
    }

    private byte[] File(int slice)
    {
        var size = Geometry.Rows * Geometry.Columns;
        var pixels = Voxels.GetOrAdd(BloodScale, scale => Geometry.Draw(p => Hu(p, scale)))[(slice * size)..((slice + 1) * size)];
        var random = new Random(slice);
        for (var i = 0; NoiseHu > 0 && i < size; i++)
        {
            pixels[i] += (short)random.Next(-NoiseHu, NoiseHu + 1);
        }

        var dataset = new CtImage
        {
            Series = $"{Name} series",
            Rows = Geometry.Rows,
            Columns = Geometry.Columns,
            Index = slice,
            Position = Geometry.Slices[slice].OriginLpsMm,
            ThicknessMm = Geometry.Slices[slice].ThicknessMm,
            Intercept = 0,
            Pixels = MemoryMarshal.AsBytes<short>(pixels).ToArray(),
        }.Dataset()
            .Uid(DicomTags.StudyInstanceUid, StudyInstanceUid)
            .Decimals(DicomTags.PixelSpacing, Geometry.RowSpacingMm, Geometry.ColumnSpacingMm);
        Change?.Invoke(dataset);
        return CtImage.File(dataset);
    }

    private static short Hu(Vector3D p, double scale) =>
        p.InEllipsoid(CentreLpsMm, scale * RadiiMm.X, scale * RadiiMm.Y, scale * RadiiMm.Z) ? BloodHu : p.InEllipsoid(new Vector3D(63, 48, 40), 55, 42, 90) ? (short)33 : (short)-1000;
}
