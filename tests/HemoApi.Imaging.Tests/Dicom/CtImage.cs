using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>A small CT image to write; change what a test is about.</summary>
internal sealed record CtImage
{
    public int Rows { get; init; } = 12;

    public int Columns { get; init; } = 10;

    public int Index { get; init; }

    public string Series { get; init; } = "series";

    public Vector3D Position { get; init; } = new(-100, -120.5, 30);

    public double ThicknessMm { get; init; } = 5;

    public int BitsAllocated { get; init; } = 16;

    public int BitsStored { get; init; } = 16;

    public int HighBit { get; init; } = 15;

    public bool IsSigned { get; init; } = true;

    public double Slope { get; init; } = 1;

    public double Intercept { get; init; } = -1024;

    /// <summary>Pixel data; by default every 16-bit pattern that a hash reaches, with runs for RLE.</summary>
    public byte[]? Pixels { get; init; }

    public DicomDataset Dataset()
    {
        var pixels = Pixels ?? Pattern(Rows * Columns * BitsAllocated / 8, Index);
        return new DicomDataset()
            .Text(DicomTags.ImageType, DicomVr.CS, "ORIGINAL", "PRIMARY", "AXIAL")
            .Uid(DicomTags.SopClassUid, SopClasses.CtImageStorage)
            .Uid(DicomTags.SopInstanceUid, DicomUid.FromSeed($"{Series} instance {Index}"))
            .Text(DicomTags.StudyDate, DicomVr.DA, "20240229")
            .Text(DicomTags.ContentDate, DicomVr.DA, "20240229")
            .Text(DicomTags.StudyTime, DicomVr.TM, "134502.5")
            .Text(DicomTags.ContentTime, DicomVr.TM, "134502.5")
            .Text(DicomTags.AccessionNumber, DicomVr.SH)
            .Text(DicomTags.Modality, DicomVr.CS, "CT")
            .Text(DicomTags.Manufacturer, DicomVr.LO, "HemoApi")
            .Text(DicomTags.ReferringPhysicianName, DicomVr.PN)
            .Text(DicomTags.SeriesDescription, DicomVr.LO, "Head 5 mm")
            .Text(DicomTags.PatientName, DicomVr.PN, "Phantom^Head")
            .Text(DicomTags.PatientId, DicomVr.LO, "PHANTOM")
            .Text(DicomTags.PatientBirthDate, DicomVr.DA)
            .Text(DicomTags.PatientSex, DicomVr.CS, "O")
            .Text(DicomTags.BodyPartExamined, DicomVr.CS, "HEAD")
            .Decimals(DicomTags.SliceThickness, ThicknessMm)
            .Decimals(DicomTags.Kvp, 120)
            .Text(DicomTags.ConvolutionKernel, DicomVr.SH, "STANDARD")
            .Text(DicomTags.PatientPosition, DicomVr.CS, "HFS")
            .Uid(DicomTags.StudyInstanceUid, DicomUid.FromSeed("study"))
            .Uid(DicomTags.SeriesInstanceUid, DicomUid.FromSeed(Series))
            .Text(DicomTags.StudyId, DicomVr.SH)
            .Integer(DicomTags.SeriesNumber, 1)
            .Integer(DicomTags.AcquisitionNumber, 1)
            .Integer(DicomTags.InstanceNumber, Index + 1)
            .Decimals(DicomTags.ImagePositionPatient, Position.X, Position.Y, Position.Z)
            .Decimals(DicomTags.ImageOrientationPatient, 1, 0, 0, 0, 1, 0)
            .Uid(DicomTags.FrameOfReferenceUid, DicomUid.FromSeed("frame"))
            .Text(DicomTags.PositionReferenceIndicator, DicomVr.LO)
            .UInt16(DicomTags.SamplesPerPixel, 1)
            .Text(DicomTags.PhotometricInterpretation, DicomVr.CS, "MONOCHROME2")
            .UInt16(DicomTags.Rows, (ushort)Rows)
            .UInt16(DicomTags.Columns, (ushort)Columns)
            .Decimals(DicomTags.PixelSpacing, 0.5, 0.25)
            .UInt16(DicomTags.BitsAllocated, (ushort)BitsAllocated)
            .UInt16(DicomTags.BitsStored, (ushort)BitsStored)
            .UInt16(DicomTags.HighBit, (ushort)HighBit)
            .UInt16(DicomTags.PixelRepresentation, IsSigned ? (ushort)1 : (ushort)0)
            .Decimals(DicomTags.RescaleIntercept, Intercept)
            .Decimals(DicomTags.RescaleSlope, Slope)
            .Text(DicomTags.RescaleType, DicomVr.LO, "HU")
            .Bytes(DicomTags.PixelData, BitsAllocated == 8 ? DicomVr.OB : DicomVr.OW, pixels);
    }

    public byte[] File(string? transferSyntaxUid = null) => File(Dataset(), transferSyntaxUid);

    public static byte[] File(DicomDataset dataset, string? transferSyntaxUid = null)
    {
        using var stream = new MemoryStream();
        DicomFileWriter.Write(stream, dataset, transferSyntaxUid ?? TransferSyntax.ExplicitLittleEndian.Uid);
        return stream.ToArray();
    }

    /// <summary>Noise from a seed with constant stretches.</summary>
    public static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        bytes.AsSpan(length / 3, length / 4).Fill(0x12);
        bytes.AsSpan(0, Math.Min(4, length)).Clear();
        return bytes;
    }

    public static byte[] Words(params short[] samples) => MemoryMarshal.AsBytes<short>(samples).ToArray();
}
