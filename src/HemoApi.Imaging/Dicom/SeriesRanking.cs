namespace HemoApi.Imaging.Dicom;

/// <summary>Which of several eligible series is measured.</summary>
internal static class SeriesRanking
{
    /// <summary>Slices of 5 mm are what head hemorrhages are read and published on, Xu et al. 2021 included.</summary>
    private const double PreferredSpacingMm = 5;

    /// <summary>A head with the neck may be 250 mm.</summary>
    private const double MostHeadMm = 260;

    /// <summary>Best first: eligible; naming no other body part; covering a head; without contrast; kernel (soft tissue, unknown, bone); original; spacing
    /// near 5 mm; more slices. The UID decides between equals, so that the order of the files never does.</summary>
    public static IReadOnlyList<SeriesAssessment> Order(IEnumerable<SeriesAssessment> series) =>
    [
        .. series
            .OrderBy(s => s.Stack is null)
            .ThenBy(s => s.IsElsewhere)
            .ThenBy(s => !CoversHead(s))
            .ThenBy(s => s.HasContrast || s.SuggestsContrast)
            .ThenBy(s => s.Usable.Count == 0 ? KernelKind.Bone : s.Kernel)
            .ThenBy(s => !s.IsOriginal)
            .ThenBy(DistanceFromPreferredSpacing)
            .ThenByDescending(s => s.Usable.Count)
            .ThenBy(s => s.SeriesInstanceUid, StringComparer.Ordinal),
    ];

    private static bool CoversHead(SeriesAssessment series)
    {
        if (series.Stack?.Geometry is not { } geometry)
        {
            return false;
        }

        var extent = geometry.StackHeightMm;
        return extent is >= HeadCoverage.LeastHeadMm and <= MostHeadMm;
    }

    /// <summary>As a ratio, to a tenth: 2.5 mm is as far from 5 mm as 10 mm is.</summary>
    private static double DistanceFromPreferredSpacing(SeriesAssessment series) => series.Stack is { } stack
        ? Math.Round(Math.Abs(Math.Log2(stack.Geometry.MeanSliceSpacingMm / PreferredSpacingMm)), 1)
        : 0;
}
