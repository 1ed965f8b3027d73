namespace HemoApi.Studies;

/// <summary>What became of one file of an upload.</summary>
/// <param name="Name">Its full name in the zip. May hold patient data: never log it.</param>
/// <param name="Code">Why it was ignored or rejected, one of the fault codes; null for used files.</param>
/// <param name="Detail">One sentence; null for used files.</param>
public sealed record FileVerdict(string Name, Verdict Verdict, string? Code = null, string? Detail = null);

public enum Verdict
{
    /// <summary>A slice of the chosen series.</summary>
    Used,

    /// <summary>Readable, but not of the chosen series, or not DICOM at all.</summary>
    Ignored,

    /// <summary>Looks like DICOM and can't be used.</summary>
    Rejected,
}
