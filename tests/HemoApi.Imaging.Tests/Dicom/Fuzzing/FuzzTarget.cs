using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom.Fuzzing;

/// <summary>What the service does with a file, run on a mutant.</summary>
internal static class FuzzTarget
{
    /// <summary>Beside the pixels that a header may ask for.</summary>
    private const long FreeBytes = 2 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] Expected =
    [
        FaultCodes.DicomNone, FaultCodes.DicomMalformed, FaultCodes.DicomPolyglot, FaultCodes.DicomTransferSyntax, FaultCodes.SeriesNotCt,
        FaultCodes.SeriesNoneEligible, FaultCodes.StudyMixed, FaultCodes.GeometryDuplicatePosition, FaultCodes.GeometryMissingSlice,
        FaultCodes.GeometryUnevenSpacing, FaultCodes.GeometryInconsistentOrientation,
    ];

    /// <summary>The rest of the stack that the mutant is a slice of.</summary>
    private static readonly DicomInstance[] Neighbours =
        [.. Enumerable.Range(1, 9).Select(k => DicomReading.Header(new CtImage { Rows = 16, Columns = 16, BitsStored = 12, HighBit = 11, IsSigned = false, Index = k, Position = new(-100, -120.5, 30 + (5 * k)) }.File()).Value)];

    /// <summary>Up to three times: a busy machine holds up anything, and the first run of a method is compiled.</summary>
    public static (string? Failure, bool IsRefused) RunPatiently(byte[] mutant)
    {
        var result = Run(mutant);
        for (var again = 0; again < 2 && result.Failure is not null; again++)
        {
            result = Run(mutant);
        }

        return result;
    }

    /// <returns>What went wrong, null where nothing did; and whether the mutant was refused, as most should be.</returns>
    public static (string? Failure, bool IsRefused) Run(byte[] mutant)
    {
        var claimed = DicomReading.Header(mutant).TryGet(out var claims, out _)
            ? (long)Math.Clamp(claims.Rows, 0, PixelFormat.MaximumSide) * Math.Clamp(claims.Columns, 0, PixelFormat.MaximumSide)
            : 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = ProcessorTime.Now;
        bool isRefused;
        try
        {
            var header = DicomReading.CheckedHeader(mutant);
            var pixels = DicomReading.Hounsfield(mutant);
            isRefused = header.Fault is not null || pixels.Fault is not null;
            if ((Unexpected(header.Fault) ?? Unexpected(pixels.Fault)) is { } code)
            {
                return ($"the code {code}", true);
            }

            if (header.TryGet(out var image, out _))
            {
                DicomInstance[] stack = [image, .. Neighbours];
                var plan = SeriesCatalogue.Plan(stack, null);
                if (Unexpected(plan.Fault) is { } planCode)
                {
                    return ($"the code {planCode} of a plan", true);
                }

                if (CopyProblem(mutant, image, pixels) is { } copyProblem)
                {
                    return (copyProblem, false);
                }

                if (plan.TryGet(out var series, out _) && GeometryProblem(series) is { } problem)
                {
                    return (problem, false);
                }
            }
        }
        catch (Exception e)
        {
            return (e.ToString(), true);
        }

        var (bytes, time) = (GC.GetAllocatedBytesForCurrentThread() - allocated, ProcessorTime.Now - started);
        return (bytes > FreeBytes + (16 * claimed) ? $"{bytes} bytes allocated" : time > Patience ? $"{time.TotalSeconds:F1} s" : null, isRefused);
    }

    /// <summary>What is stored of a file is a copy, which must give what the file gave.</summary>
    private static string? CopyProblem(byte[] mutant, DicomInstance image, Outcome<short[]> pixels)
    {
        using var copy = new MemoryStream();
        if (DicomCopy.Write(new ForwardOnlyStream(mutant), copy, image, IdentityRules.Minimal) is { } fault)
        {
            return $"no copy: {fault.Detail}";
        }

        var copied = DicomReading.CheckedHeader(copy.ToArray());
        if (!copied.TryGet(out var again, out fault))
        {
            return $"a copy that can't be read: {fault.Detail}";
        }

        if (Comparable(again) != Comparable(image) || !again.ImageType.SequenceEqual(image.ImageType))
        {
            return $"a copy of another header: {Comparable(again)} instead of {Comparable(image)}";
        }

        return !again.HasPixelData || !pixels.TryGet(out var hounsfield, out _) || DicomReading.Hounsfield(copy.ToArray()).Value.AsSpan().SequenceEqual(hounsfield)
            ? null
            : "a copy of other pixels";
    }

    private static DicomInstance Comparable(DicomInstance image) => image with { TransferSyntaxUid = string.Empty, ImageType = [], Frames = [], HasPixelData = true };

    private static string? Unexpected(Fault? fault) =>
        fault is null || (Expected.Contains(fault.Code) && fault.Detail.Length > 0 && fault.Remedy.Length > 0) ? null : fault.Code;

    /// <summary>A plan is a promise that everything after it can measure.</summary>
    private static string? GeometryProblem(SeriesPlan plan) =>
        plan.Geometry.Slices.All(s => double.IsFinite(s.OriginLpsMm.Length) && s.ThicknessMm > 0 && double.IsFinite(s.ThicknessMm))
        && plan.Geometry.RowSpacingMm > 0 && plan.Geometry.ColumnSpacingMm > 0
        && Enumerable.Range(0, plan.Geometry.SliceCount).All(k => plan.Geometry.SliceExtentMm(k) > 0 && double.IsFinite(plan.Geometry.SliceExtentMm(k)))
            ? null
            : "a plan whose geometry can't be measured";
}
