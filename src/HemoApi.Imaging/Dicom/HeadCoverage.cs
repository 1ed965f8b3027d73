using System.Globalization;

namespace HemoApi.Imaging.Dicom;

/// <summary>Signs that a series shows only a part of the head, as one does that was split over two series or two uploads. It is measured
/// all the same: an end of the head may be missing on purpose.</summary>
internal static class HeadCoverage
{
    /// <summary>From foramen magnum to vertex a head is about 130 to 180 mm.</summary>
    public const double LeastHeadMm = 100;

    /// <summary>How far apart two series may lie, in slices of the one that was chosen, and still be one scan.</summary>
    private const double ContinuingSlices = 2;

    private const int NamedRanges = 5;

    /// <param name="upload">Every series of the upload.</param>
    public static IEnumerable<ResultWarning> Warnings(SeriesAssessment chosen, SliceStack stack, IReadOnlyList<SeriesAssessment> upload)
    {
        var extent = stack.Geometry.StackHeightMm;
        if (extent < LeastHeadMm)
        {
            yield return Incomplete($"The slices cover {SpacingRules.Mm(extent)} mm, and a head at least {LeastHeadMm:0} mm; what bleeds above or below them is not measured.");
        }

        if (MissingNumbers(chosen.Instances) is { } missing)
        {
            yield return Incomplete($"By their instance numbers, images of the series are not in the upload: {missing}.");
        }

        foreach (var other in upload.Where(other => other != chosen && Continues(stack, other.Usable)))
        {
            yield return Incomplete($"Another CT series of the upload, of {other.Usable.Count} slices, goes on where this one ends; only this one is measured.");
        }
    }

    /// <summary>Instance numbers of a series usually count from 1. Null where none is missing, or where they do not count.</summary>
    private static string? MissingNumbers(IReadOnlyList<DicomInstance> images)
    {
        var numbers = images.Select(i => i.FrameNumber is null ? i.InstanceNumber : null).Order().ToArray();
        if (numbers[0] is not >= 1 || numbers.Distinct().Count() < numbers.Length)
        {
            return null;
        }

        List<string> ranges = [];
        var expected = 1;
        foreach (var number in numbers.Select(n => n!.Value))
        {
            if (number > expected)
            {
                ranges.Add(string.Create(CultureInfo.InvariantCulture, $"{expected}{(number - 1 > expected ? $" to {number - 1}" : "")}"));
            }

            expected = number + 1;
        }

        // Numbers that stand far apart do not count images.
        return ranges.Count is 0 or > NamedRanges || numbers[^1] > 4 * numbers.Length ? null : string.Join(", ", ranges);
    }

    private static bool Continues(SliceStack stack, IReadOnlyList<DicomInstance> other)
    {
        var first = stack.Slices[0];
        if (other.Count == 0
            || first.FrameOfReferenceUid is null
            || other.Any(i => i.FrameOfReferenceUid != first.FrameOfReferenceUid || !SliceStack.IsParallel(i, first)))
        {
            return false;
        }

        var geometry = stack.Geometry;
        var places = other.Select(i => i.ImagePositionLpsMm!.Value.Dot(geometry.Normal)).ToArray();
        var reach = ContinuingSlices * geometry.MeanSliceSpacingMm;
        var above = places.Min() - geometry.PositionAlongNormalMm(geometry.SliceCount - 1);
        var below = geometry.PositionAlongNormalMm(0) - places.Max();
        return (above > 0 && above <= reach) || (below > 0 && below <= reach);
    }

    private static ResultWarning Incomplete(string detail) => new(WarningCodes.Incomplete, detail);
}
