using System.Globalization;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Tests.Studies;

/// <summary>A tiny axial image with the header of a real one; 5 mm apart unless the test says otherwise.</summary>
internal sealed record IntakeSlice(int Index)
{
    public string Study { get; init; } = "study";

    public string Series { get; init; } = "series";

    public string Modality { get; init; } = "CT";

    public string SopClass { get; init; } = SopClasses.CtImageStorage;

    public string PatientId { get; init; } = "P1";

    public string[] ImageType { get; init; } = ["ORIGINAL", "PRIMARY", "AXIAL"];

    public double SpacingMm { get; init; } = 5;

    /// <summary>Where it lies; by its index and the spacing where null.</summary>
    public double? ZMm { get; init; }

    public ushort Size { get; init; } = 16;

    /// <summary>Zeros where true, noise where false.</summary>
    public bool IsBlank { get; init; }

    /// <summary>Size × Size × 2 bytes to use instead of either.</summary>
    public byte[]? Pixels { get; init; }

    public TransferSyntax Syntax { get; init; } = TransferSyntax.ExplicitLittleEndian;

    public byte[] ToFile()
    {
        using var file = new MemoryStream();
        DicomFileWriter.Write(file, ToDataset(), Syntax.Uid);
        return file.ToArray();
    }

    public DicomDataset ToDataset()
    {
        return new DicomDataset()
            .Text(DicomTags.ImageType, DicomVr.CS, ImageType)
            .Uid(DicomTags.SopClassUid, SopClass)
            .Uid(DicomTags.SopInstanceUid, DicomUid.FromSeed($"{Study}/{Series}/{Index}"))
            .Text(DicomTags.StudyDate, DicomVr.DA, "20240229")
            .Text(DicomTags.StudyTime, DicomVr.TM, "101500")
            .Text(DicomTags.Modality, DicomVr.CS, Modality)
            .Text(DicomTags.SeriesDescription, DicomVr.LO, Series)
            .Text(DicomTags.PatientName, DicomVr.PN, $"Patient^{PatientId}")
            .Text(DicomTags.PatientId, DicomVr.LO, PatientId)
            .Decimals(DicomTags.SliceThickness, 5)
            .Uid(DicomTags.StudyInstanceUid, DicomUid.FromSeed(Study))
            .Uid(DicomTags.SeriesInstanceUid, DicomUid.FromSeed($"{Study}/{Series}"))
            .Integer(DicomTags.InstanceNumber, Index + 1)
            .Decimals(DicomTags.ImagePositionPatient, -120, -120, ZMm ?? Index * SpacingMm)
            .Decimals(DicomTags.ImageOrientationPatient, 1, 0, 0, 0, 1, 0)
            .Uid(DicomTags.FrameOfReferenceUid, DicomUid.FromSeed($"{Study}/frame"))
            .UInt16(DicomTags.SamplesPerPixel, 1)
            .Text(DicomTags.PhotometricInterpretation, DicomVr.CS, "MONOCHROME2")
            .UInt16(DicomTags.Rows, Size)
            .UInt16(DicomTags.Columns, Size)
            .Decimals(DicomTags.PixelSpacing, 240.0 / Size, 240.0 / Size)
            .UInt16(DicomTags.BitsAllocated, 16)
            .UInt16(DicomTags.BitsStored, 12)
            .UInt16(DicomTags.HighBit, 11)
            .UInt16(DicomTags.PixelRepresentation, 0)
            .Decimals(DicomTags.RescaleIntercept, -1024)
            .Decimals(DicomTags.RescaleSlope, 1)
            .Bytes(DicomTags.PixelData, DicomVr.OW, Pixels ?? (IsBlank ? new byte[Size * Size * 2] : Noise(Size * Size * 2, Index)));
    }

    /// <summary>Pixels of 16 bits, 12 of them stored.</summary>
    public static byte[] Noise(int bytes, int seed)
    {
        var pixels = new byte[bytes];
        new Random(seed).NextBytes(pixels);
        for (var i = 1; i < pixels.Length; i += 2)
        {
            pixels[i] &= 0x0F;
        }

        return pixels;
    }

    public ZipIntakeForgedEntry ToEntry(string? name = null) =>
        new(name ?? $"DICOM/IM{Index.ToString("000", CultureInfo.InvariantCulture)}", ToFile());

    /// <summary>The entries of a series of 30 slices that can be measured.</summary>
    public static ZipIntakeForgedEntry[] Stack(int count = 30) =>
        [.. Enumerable.Range(0, count).Select(i => new IntakeSlice(i).ToEntry())];
}
