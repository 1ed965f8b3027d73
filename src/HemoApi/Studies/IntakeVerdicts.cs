using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Studies;

/// <summary>From what was read of each entry to what the caller is told about it.</summary>
internal static class IntakeVerdicts
{
    /// <summary>Why an archive without one readable DICOM file is refused: by the commonest reason among its rejected files.</summary>
    public static Fault NoneUsable(IReadOnlyList<FileVerdict> files)
    {
        var commonest = files.Where(f => f.Verdict == Verdict.Rejected).GroupBy(f => f.Code!).MaxBy(g => g.Count());
        return commonest is null
            ? new Fault(
                FaultCodes.DicomNone,
                $"None of the {files.Count} entries of the archive is a DICOM image.",
                "Send the DICOM files of one CT study, as the scanner or the PACS exports them.")
            : new Fault(
                commonest.Key,
                $"No file of the archive can be used; {commonest.Count()} of {files.Count} are rejected for this: {commonest.First().Detail}",
                IntakeFaults.ZipAgain);
    }

    /// <summary>The verdict on a readable DICOM file, once the series is chosen.</summary>
    public static FileVerdict Of(DicomInstance instance, SeriesPlan plan, bool isSlice, IReadOnlyDictionary<string, SeriesSummary> series)
    {
        if (isSlice)
        {
            return new FileVerdict(instance.FileName, Verdict.Used);
        }

        if (instance.SeriesInstanceUid == plan.SeriesInstanceUid)
        {
            return new FileVerdict(instance.FileName, Verdict.Ignored, null, "Part of the chosen series, but not of its stack of slices.");
        }

        var other = series.GetValueOrDefault(instance.SeriesInstanceUid);
        return other is { Eligible: false, Reasons.Count: > 0 }
            ? new FileVerdict(instance.FileName, Verdict.Ignored, FaultCodes.SeriesNoneEligible, string.Join(' ', other.Reasons))
            : new FileVerdict(instance.FileName, Verdict.Ignored, null, "Part of a series that was not chosen.");
    }
}
