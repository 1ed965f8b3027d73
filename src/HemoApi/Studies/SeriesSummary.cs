namespace HemoApi.Studies;

/// <summary>One series of an upload and whether it can be measured.</summary>
/// <param name="Description">(0008,103E). May hold patient data: never log it.</param>
/// <param name="Reasons">Why it is not eligible, or why it ranks where it does.</param>
public sealed record SeriesSummary(
    string SeriesInstanceUid,
    string? Description,
    int Slices,
    bool Eligible,
    IReadOnlyList<string> Reasons);
