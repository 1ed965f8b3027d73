using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>Decodes the files of a plan into one volume.</summary>
public static class CtVolumeReader
{
    /// <summary>HU of every slice in the order of the plan: stored value × RescaleSlope + RescaleIntercept of its own image or frame
    /// (PS3.3 C.11.1), rounded to the nearest integer (ties to even), kept within 16 bits; padding is −1024.</summary>
    /// <param name="open">Opens a file by <see cref="DicomInstance.FileName"/>, each once; the stream is closed here.</param>
    /// <param name="progress">Called after each slice with the fraction done.</param>
    /// <returns><see cref="FaultCodes.DicomMalformed"/> where the pixel data are not what the header says, or the file is
    /// not the one that was planned; <see cref="FaultCodes.DicomTransferSyntax"/> where they can't be decoded.</returns>
    /// <exception cref="OperationCanceledException">Between two slices.</exception>
    public static Outcome<CtVolume> Read(SeriesPlan plan, Func<string, Stream> open, Action<double>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(open);
        var geometry = plan.Geometry;

        // Pages that nothing was decoded into are not backed by memory yet.
        var hounsfield = GC.AllocateUninitializedArray<short>(checked(geometry.Rows * geometry.Columns * geometry.SliceCount));
        HounsfieldTable? table = null;
        var done = 0;
        foreach (var file in Enumerable.Range(0, geometry.SliceCount).GroupBy(k => plan.Slices[k].FileName))
        {
            ct.ThrowIfCancellationRequested();
            using var stream = open(file.Key);
            var slices = file.OrderBy(k => plan.Slices[k].FrameNumber).ToArray();
            if (ReadFile(stream, plan, slices, hounsfield, ref table, Done, ct) is { } fault)
            {
                return fault;
            }
        }

        return new CtVolume(geometry, hounsfield);

        void Done() => progress?.Invoke(++done / (double)geometry.SliceCount);
    }

    private static Fault? ReadFile(
        Stream stream, SeriesPlan plan, int[] slices, short[] hounsfield, ref HounsfieldTable? table, Action done, CancellationToken ct)
    {
        if (!DicomFile.Open(stream).TryGet(out var file, out var fault))
        {
            return OfSlice(slices[0], plan, fault);
        }

        using (file)
        {
            if (!DicomHeaderReader.Describe(file, plan.Slices[slices[0]].FileName).TryGet(out var whole, out fault))
            {
                return OfSlice(slices[0], plan, fault);
            }

            using var decoder = file.PixelData is { } pixelData ? new PixelDecoder(file, pixelData, whole) : null;
            foreach (var slice in slices)
            {
                ct.ThrowIfCancellationRequested();
                var size = plan.Geometry.Rows * plan.Geometry.Columns;
                fault = ReadSlice(file, decoder, whole, plan.Slices[slice], ref table, hounsfield.AsSpan(slice * size, size));
                if (fault is not null)
                {
                    return OfSlice(slice, plan, fault);
                }

                done();
            }

            return null;
        }
    }

    private static Fault? ReadSlice(
        DicomFile file, PixelDecoder? decoder, DicomInstance whole, DicomInstance planned, ref HounsfieldTable? table, Span<short> hounsfield)
    {
        var image = planned.FrameNumber is { } number ? whole.Frames.ElementAtOrDefault(number - 1) : whole;
        if (decoder is null
            || image is null
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
        return decoder.Decode(image, table, hounsfield);
    }

    private static Fault OfSlice(int slice, SeriesPlan plan, Fault fault) =>
        fault with { Detail = $"Slice {slice + 1} of {plan.Geometry.SliceCount}: {fault.Detail}" };
}
