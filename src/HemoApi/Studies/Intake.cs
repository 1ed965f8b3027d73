using HemoApi.Imaging.Dicom;

namespace HemoApi.Studies;

/// <summary>An archive that was read once from end to end and can be segmented.</summary>
/// <param name="Files">One verdict for each entry, in the order of the archive.</param>
/// <param name="Series">Every series of the archive, best first.</param>
/// <param name="Plan">The stack that will be segmented.</param>
/// <param name="ReadableEntries">The entries that the plan was made from; planning from them again gives the same plan.</param>
public sealed record Intake(
    IReadOnlyList<FileVerdict> Files,
    IReadOnlyList<SeriesSummary> Series,
    SeriesPlan Plan,
    IReadOnlyList<string> ReadableEntries)
{
    /// <summary>The readable entries and what was read of them.</summary>
    internal IReadOnlyList<(ZipIntakeEntry Entry, DicomInstance Image)> Readable { get; init; } = [];
}
