using System.IO.Compression;
using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Tests.Dicom;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Tests.Results;

/// <summary>A small head with a skull of three different diameters and spheres of blood, in any position, as an upload.</summary>
internal sealed record ComparedHead(string Name)
{
    public const double BloodFromHu = 60.5;
    public const double BoneFromHu = 90;

    private static readonly Vector3D Outer = new(48, 60, 54);
    private static readonly Vector3D Inner = new(42, 54, 48);

    public static VolumeGeometry Axial { get; } = Stacks.Axial(128, 128, 48, spacingMm: 1, sliceSpacingMm: 2.5);

    public VolumeGeometry Geometry { get; init; } = Axial;

    /// <summary>Of the head about the middle of the scan.</summary>
    public HeadPose Pose { get; init; } = new(0, 0, 0, default);

    /// <summary>Middles in the head, mm, and radii.</summary>
    public (Vector3D Middle, double RadiusMm)[] Blood { get; init; } = [(new(-16, 6, 8), 12)];

    public string? PatientId { get; init; } = "COMPARED-1";

    public string? Date { get; init; } = "20240229";

    public string Time { get; init; } = "080000";

    public string Kernel { get; init; } = "STANDARD";

    public static double SphereMl(double radiusMm) => Stacks.EllipsoidMl(radiusMm, radiusMm, radiusMm);

    public byte[] Zip()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var k = 0; k < Geometry.SliceCount; k++)
            {
                using var entry = zip.CreateEntry($"{k:000}.dcm", CompressionLevel.Fastest).Open();
                entry.Write(File(k));
            }
        }

        return file.ToArray();
    }

    private byte[] File(int slice)
    {
        var middle = Geometry.CentreLpsMm();
        var pixels = new short[Geometry.Rows * Geometry.Columns];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = Hu(Pose.ToHead(Geometry.ToLpsMm(i % Geometry.Columns, i / Geometry.Columns, slice) - middle));
        }

        var (row, column) = (Geometry.RowDirection, Geometry.ColumnDirection);
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
            .Uid(DicomTags.StudyInstanceUid, DicomUid.FromSeed($"{Name} study"))
            .Text(DicomTags.ConvolutionKernel, DicomVr.SH, Kernel)
            .Text(DicomTags.StudyDate, DicomVr.DA, Date is null ? [] : [Date])
            .Text(DicomTags.StudyTime, DicomVr.TM, Date is null ? [] : [Time])
            .Decimals(DicomTags.ImageOrientationPatient, row.X, row.Y, row.Z, column.X, column.Y, column.Z)
            .Decimals(DicomTags.PixelSpacing, Geometry.RowSpacingMm, Geometry.ColumnSpacingMm);
        return CtImage.File(PatientId is null ? dataset.Text(DicomTags.PatientId, DicomVr.LO) : dataset.Text(DicomTags.PatientId, DicomVr.LO, PatientId));
    }

    private short Hu(Vector3D head) =>
        !head.InEllipsoid(default, Outer.X, Outer.Y, Outer.Z) ? (short)-1000
        : !head.InEllipsoid(default, Inner.X, Inner.Y, Inner.Z) ? (short)1000
        : Blood.Any(b => (head - b.Middle).Length <= b.RadiusMm) ? (short)72 : (short)33;
}
