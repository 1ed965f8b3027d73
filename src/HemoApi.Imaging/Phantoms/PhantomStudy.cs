using System.IO.Compression;
using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>A head CT study of a phantom, as a scanner would send it: 30 axial slices of 512 × 512, 5 mm apart.</summary>
public sealed class PhantomStudy
{
    public const int MatrixSize = 512;
    public const int SliceCount = 30;
    public const double ThicknessMm = 5;

    /// <summary>Other hemorrhages in the head of a seed make another study, with UIDs of its own.</summary>
    private readonly string _identity;

    /// <param name="types">Exactly these hemorrhages; null draws none to three at random.</param>
    /// <param name="scanner">Null draws noise and artefacts from the seed.</param>
    public PhantomStudy(ulong seed, IReadOnlyList<HemorrhageType>? types = null, ScannerSettings? scanner = null)
    {
        var random = new PhantomRandom(seed ^ 0x57D1E57D1E57D1EUL);
        Seed = seed;
        _identity = types is null ? $"{seed}" : $"{seed} {string.Join(',', types.Select(t => t.Code()))}";
        Head = PhantomFactory.Create(seed, types);
        Scanner = scanner ?? ScannerSettings.Draw(random);
        var spacing = Math.Round(random.Uniform(0.43, 0.51), 4);
        var half = (MatrixSize - 1) * spacing / 2;
        Geometry = new VolumeGeometry(
            MatrixSize, MatrixSize, new(1, 0, 0), new(0, 1, 0), spacing, spacing,
            [.. Enumerable.Range(0, SliceCount).Select(k =>
                new SlicePlane(new(-half, -half, (k - ((SliceCount - 1) / 2.0)) * ThicknessMm), ThicknessMm))]);
    }

    public ulong Seed { get; }

    public HeadPhantom Head { get; }

    public ScannerSettings Scanner { get; }

    public VolumeGeometry Geometry { get; }

    public string StudyInstanceUid => DicomUid.FromSeed($"HemoApi phantom study {_identity}");

    public string SeriesInstanceUid => DicomUid.FromSeed($"HemoApi phantom series {_identity}");

    /// <summary>The patient identifier in the files; a phantom has no patient.</summary>
    public string PatientId => $"PHANTOM-{Seed}";

    /// <summary>The scan and the true label of each voxel.</summary>
    public (CtVolume Image, LabelVolume Labels) Scan() => PhantomRenderer.Render(Head, Scanner, Geometry);

    /// <summary>Writes the study as a zip of DICOM files. The stream stays open.</summary>
    public void WriteZip(Stream stream, string? transferSyntaxUid = null) => WriteZip(stream, Scan().Image, transferSyntaxUid);

    /// <param name="image">From <see cref="Scan"/>, where the caller has it already.</param>
    public void WriteZip(Stream stream, CtVolume image, string? transferSyntaxUid = null)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        for (var k = 0; k < image.Geometry.SliceCount; k++)
        {
            using var entry = zip.CreateEntry($"CT/{k + 1:D3}.dcm", CompressionLevel.Fastest).Open();
            using var file = new MemoryStream();
            DicomFileWriter.Write(file, Slice(image, k), transferSyntaxUid ?? TransferSyntax.ExplicitLittleEndian.Uid);
            file.WriteTo(entry);
        }
    }

    /// <summary>One CT image (PS3.3 A.3): 12 bits stored, HU = value − 1024.</summary>
    public DicomDataset Slice(CtVolume image, int slice)
    {
        const int Intercept = -1024;
        var geometry = image.Geometry;
        var stored = new ushort[geometry.Rows * geometry.Columns];
        var hounsfield = image.Slice(slice);
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = (ushort)Math.Clamp(hounsfield[i] - Intercept, 0, 4095);
        }

        var position = geometry.Slices[slice].OriginLpsMm;
        var (row, column) = (geometry.RowDirection, geometry.ColumnDirection);
        return new DicomDataset()
            .Text(DicomTags.SpecificCharacterSet, DicomVr.CS, "ISO_IR 100")
            .Text(DicomTags.ImageType, DicomVr.CS, "ORIGINAL", "PRIMARY", "AXIAL")
            .Uid(DicomTags.SopClassUid, SopClasses.CtImageStorage)
            .Uid(DicomTags.SopInstanceUid, DicomUid.FromSeed($"HemoApi phantom image {_identity} {slice}"))
            .Text(DicomTags.StudyDate, DicomVr.DA, "20260101")
            .Text(DicomTags.ContentDate, DicomVr.DA, "20260101")
            .Text(DicomTags.StudyTime, DicomVr.TM, "120000")
            .Text(DicomTags.ContentTime, DicomVr.TM, "120000")
            .Text(DicomTags.AccessionNumber, DicomVr.SH)
            .Text(DicomTags.Modality, DicomVr.CS, "CT")
            .Text(DicomTags.Manufacturer, DicomVr.LO, "HemoApi")
            .Text(DicomTags.ReferringPhysicianName, DicomVr.PN)
            .Text(DicomTags.SeriesDescription, DicomVr.LO, "Phantom head 5 mm")
            .Text(DicomTags.PatientName, DicomVr.PN, "PHANTOM^HEAD")
            .Text(DicomTags.PatientId, DicomVr.LO, PatientId)
            .Text(DicomTags.PatientBirthDate, DicomVr.DA)
            .Text(DicomTags.PatientSex, DicomVr.CS)
            .Text(DicomTags.BodyPartExamined, DicomVr.CS, "HEAD")
            .Decimals(DicomTags.SliceThickness, geometry.Slices[slice].ThicknessMm)
            .Decimals(DicomTags.Kvp, 120)
            .Text(DicomTags.ConvolutionKernel, DicomVr.SH, "STANDARD")
            .Text(DicomTags.PatientPosition, DicomVr.CS, "HFS")
            .Uid(DicomTags.StudyInstanceUid, StudyInstanceUid)
            .Uid(DicomTags.SeriesInstanceUid, SeriesInstanceUid)
            .Text(DicomTags.StudyId, DicomVr.SH, "1")
            .Integer(DicomTags.SeriesNumber, 2)
            .Integer(DicomTags.AcquisitionNumber, 1)
            .Integer(DicomTags.InstanceNumber, slice + 1)
            .Decimals(DicomTags.ImagePositionPatient, position.X, position.Y, position.Z)
            .Decimals(DicomTags.ImageOrientationPatient, row.X, row.Y, row.Z, column.X, column.Y, column.Z)
            .Uid(DicomTags.FrameOfReferenceUid, DicomUid.FromSeed($"HemoApi phantom frame {_identity}"))
            .Text(DicomTags.PositionReferenceIndicator, DicomVr.LO)
            .UInt16(DicomTags.SamplesPerPixel, 1)
            .Text(DicomTags.PhotometricInterpretation, DicomVr.CS, "MONOCHROME2")
            .UInt16(DicomTags.Rows, (ushort)geometry.Rows)
            .UInt16(DicomTags.Columns, (ushort)geometry.Columns)
            .Decimals(DicomTags.PixelSpacing, geometry.RowSpacingMm, geometry.ColumnSpacingMm)
            .UInt16(DicomTags.BitsAllocated, 16)
            .UInt16(DicomTags.BitsStored, 12)
            .UInt16(DicomTags.HighBit, 11)
            .UInt16(DicomTags.PixelRepresentation, 0)
            .Decimals(DicomTags.WindowCenter, 40)
            .Decimals(DicomTags.WindowWidth, 80)
            .Decimals(DicomTags.RescaleIntercept, Intercept)
            .Decimals(DicomTags.RescaleSlope, 1)
            .Text(DicomTags.RescaleType, DicomVr.LO, "HU")
            .Bytes(DicomTags.PixelData, DicomVr.OW, MemoryMarshal.AsBytes(stored.AsSpan()).ToArray());
    }
}
