namespace HemoApi.Imaging.Dicom;

/// <summary>A file of nothing but one compressed frame and the attributes that a decoder needs (PS3.3 C.7.6.3).</summary>
internal static class CompressedFrameFile
{
    public static void Write(Stream stream, ReadOnlySpan<byte> frame, TransferSyntax syntax, DicomInstance image)
    {
        var uid = DicomUid.FromSeed("HemoApi compressed frame");
        var dataset = new DicomDataset()
            .Uid(DicomTags.SopClassUid, SopClasses.CtImageStorage)
            .Uid(DicomTags.SopInstanceUid, uid)
            .Uid(DicomTags.StudyInstanceUid, uid)
            .Uid(DicomTags.SeriesInstanceUid, uid)
            .Text(DicomTags.Modality, DicomVr.CS, "CT")
            .UInt16(DicomTags.SamplesPerPixel, 1)
            .Text(DicomTags.PhotometricInterpretation, DicomVr.CS, "MONOCHROME2")
            .UInt16(DicomTags.Rows, (ushort)image.Rows)
            .UInt16(DicomTags.Columns, (ushort)image.Columns)
            .UInt16(DicomTags.BitsAllocated, (ushort)image.BitsAllocated)
            .UInt16(DicomTags.BitsStored, (ushort)image.BitsStored)
            .UInt16(DicomTags.HighBit, (ushort)image.HighBit)
            .UInt16(DicomTags.PixelRepresentation, (ushort)(image.IsSigned ? 1 : 0));
        DicomFileWriter.WriteWithFrame(stream, dataset, syntax, frame);
    }
}
