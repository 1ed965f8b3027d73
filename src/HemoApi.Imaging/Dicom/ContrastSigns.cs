using System.Text.RegularExpressions;

namespace HemoApi.Imaging.Dicom;

/// <summary>Reads SeriesDescription (0008,103E) for signs of a contrast agent, because many scanners leave ContrastBolusAgent (0018,0010)
/// empty. Good for ranking and a warning, not for more: it is free text.</summary>
internal static partial class ContrastSigns
{
    public static bool IsSuggestedBy(string? description) =>
        description is not null && Sign().IsMatch(description) && !Denial().IsMatch(description);

    [GeneratedRegex(@"\b(CT-?A|CT-?V|CT-?P|ANGIO\w*|VENO(GRAM|GRAPHY)|CONTRAST|KONTRAST\w*|ENHANCED|PERFUSION|KM)\b|(^|\W)(\+\s?C|C\s?\+)($|\W)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sign();

    [GeneratedRegex(@"\b(WITHOUT|WO|NON|NO|PRE|PLAIN|UNENHANCED|NATIV\w*|OHNE|SANS|SIN|SENZA)\b|\bW/O\b|\bNON(CON|ENH|-?CONTRAST)\w*|(^|\W)(-\s?C|C\s?-)($|\W)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Denial();
}
