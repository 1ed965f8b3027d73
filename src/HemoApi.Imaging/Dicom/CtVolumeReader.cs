using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>Decodes the files of a plan into one volume.</summary>
public static class CtVolumeReader
{
    /// <summary>HU of every slice in the order of the plan: stored value × RescaleSlope + RescaleIntercept of its own file
    /// (PS3.3 C.11.1), rounded to the nearest integer (ties to even), kept within 16 bits; padding is −1024.</summary>
    /// <param name="open">Opens a file by <see cref="DicomInstance.FileName"/>; the stream is closed here.</param>
    /// <param name="progress">Called after each slice with the fraction done.</param>
    /// <returns><see cref="FaultCodes.DicomMalformed"/> where the pixel data are not what the header says, or the file is
    /// not the one that was planned; <see cref="FaultCodes.DicomTransferSyntax"/> where they can't be decoded.</returns>
    /// <exception cref="OperationCanceledException">Between two slices.</exception>
    public static Outcome<CtVolume> Read(SeriesPlan plan, Func<string, Stream> open, Action<double>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(open);
        var geometry = plan.Geometry;
        var size = geometry.Rows * geometry.Columns;

        // Pages that nothing was decoded into are not backed by memory yet.
        var hounsfield = GC.AllocateUninitializedArray<short>(checked(size * geometry.SliceCount));
        HounsfieldTable? table = null;
        for (var k = 0; k < geometry.SliceCount; k++)
        {
            ct.ThrowIfCancellationRequested();
            using var stream = open(plan.Slices[k].FileName);
            if (ReadSlice(stream, plan.Slices[k], ref table, hounsfield.AsSpan(k * size, size)) is { } fault)
            {
                return fault with { Detail = $"Slice {k + 1} of {geometry.SliceCount}: {fault.Detail}" };
            }

            progress?.Invoke((k + 1.0) / geometry.SliceCount);
        }

        return new CtVolume(geometry, hounsfield);
    }

    private static Fault? ReadSlice(Stream stream, DicomInstance planned, ref HounsfieldTable? table, Span<short> hounsfield)
    {
        if (!DicomFile.Open(stream).TryGet(out var file, out var fault))
        {
            return fault;
        }

        using (file)
        {
            if (!DicomHeaderReader.Describe(file, planned.FileName).TryGet(out var image, out fault))
            {
                return fault;
            }

            if (file.PixelData is not { } pixelData
                || (image.SopInstanceUid, image.Rows, image.Columns) != (planned.SopInstanceUid, planned.Rows, planned.Columns))
            {
                return DicomFaults.Malformed("it is not the image whose header was read before");
            }

            if (!file.Syntax.CanDecode)
            {
                return DicomFaults.UnsupportedTransferSyntax(file.Syntax);
            }

            if ((PixelFormat.Problem(image) ?? Rescale.Problem(image)) is { } problem)
            {
                return DicomFaults.Malformed($"pixels that {problem}");
            }

            var rule = Rescale.Rule(image, file.Header);
            table = table?.Rule == rule ? table : new HounsfieldTable(rule);
            return PixelDecoder.Decode(file, pixelData, image, table, hounsfield);
        }
    }
}
