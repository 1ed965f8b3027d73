namespace HemoApi.Imaging.Dicom;

/// <summary>One series that holds the head several times: scanned again (AcquisitionNumber), scanned over time (temporal positions), or
/// reconstructed with several kernels.</summary>
internal static class StackSeparation
{
    /// <summary>How much of the whole extent the chosen stack may lack, in slices: rescans seldom start at the very same place.</summary>
    private const int TolerableSlices = 2;

    private static readonly (string Name, Func<DicomInstance, string?> Of)[] Keys =
    [
        ("acquisitions", i => i.AcquisitionNumber?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("temporal positions", i => i.TemporalPosition?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("reconstruction kernels", i => i.ConvolutionKernel),
    ];

    /// <summary>The stack to measure, and a sentence on the images left out; null where the images can't be told apart, or where
    /// no part of them shows the whole head: two blocks that make one head together are never taken for two heads.</summary>
    /// <remarks>Preferred: without contrast agent, soft-tissue kernel, more slices, the later acquisition, because a head is
    /// scanned again where the first scan went wrong; the first temporal position, because a contrast agent arrives later.</remarks>
    public static (SliceStack Stack, string LeftOut)? Separate(IReadOnlyList<DicomInstance> images)
    {
        foreach (var (name, key) in Keys)
        {
            var groups = images.GroupBy(key).ToArray();
            if (groups.Length < 2 || groups.Any(g => g.Key is null))
            {
                continue;
            }

            var stacks = groups.Where(g => g.Count() >= SeriesAssessment.MinimumSlices)
                .Select(g => SliceStack.Build([.. g]).TryGet(out var stack, out _) ? stack : null)
                .OfType<SliceStack>()
                .Where(stack => ShowsAllOf(stack, images))
                .OrderBy(stack => stack.Slices.Any(i => i.HasContrastAgent))
                .ThenBy(stack => stack.Slices.Max(i => ReconstructionKernel.Classify(i.ConvolutionKernel)))
                .ThenByDescending(stack => stack.Slices.Count)
                .ThenBy(stack => stack.Slices[0].TemporalPosition)
                .ThenByDescending(stack => stack.Slices[0].AcquisitionNumber);
            if (stacks.FirstOrDefault() is { } best)
            {
                return (best, $"The series holds {groups.Length} {name} of the head; one of {best.Slices.Count} slices is measured and {images.Count - best.Slices.Count} images are left out.");
            }
        }

        return null;
    }

    private static bool ShowsAllOf(SliceStack stack, IReadOnlyList<DicomInstance> images)
    {
        var normal = stack.Geometry.Normal;
        var all = images.Select(i => i.ImagePositionLpsMm!.Value.Dot(normal)).ToArray();
        var own = stack.Slices.Select(i => i.ImagePositionLpsMm!.Value.Dot(normal)).ToArray();
        var tolerance = TolerableSlices * stack.Geometry.MeanSliceSpacingMm;
        return own.Min() - all.Min() <= tolerance && all.Max() - own.Max() <= tolerance;
    }
}
