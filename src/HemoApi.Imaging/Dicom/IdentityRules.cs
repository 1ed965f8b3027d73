using System.Globalization;
using System.Text;

namespace HemoApi.Imaging.Dicom;

/// <summary>What of the patient a copy of a file keeps, beside the attributes that no copy has.</summary>
/// <remarks>With pseudonyms it is the Basic Application Level Confidentiality Profile of PS3.15 annex E: what table E.1-1 removes or empties is not there,
/// identifiers are replaced, and the file says so. Its options for dates are <see cref="DateRule"/>.</remarks>
/// <param name="Pseudonyms">Null keeps ids and the series' description as they are.</param>
public sealed record IdentityRules(Pseudonyms? Pseudonyms, DateRule Dates)
{
    /// <summary>Names of the tenant's patients are gone, ids and dates stay: what the contract needs.</summary>
    public static IdentityRules Minimal { get; } = new(null, DateRule.Keep);

    private const string Dicom = "DCM";
    private const string SomeAgent = "AGENT ";

    /// <summary>The value to write, of even length; null leaves the attribute out.</summary>
    /// <param name="value">In little endian.</param>
    internal byte[]? Apply(DicomTag tag, byte[] value, DicomInstance image)
    {
        if (Pseudonyms is null)
        {
            return value;
        }

        if (tag == DicomTags.PatientId)
        {
            return image.PatientId is { } id ? Even(Pseudonyms.PatientId(id), ' ') : [];
        }

        if (tag == DicomTags.SeriesDescription)
        {
            return null;
        }

        if (tag == DicomTags.StudyDate)
        {
            return Even(Date(image), ' ');
        }

        if (tag == DicomTags.StudyTime)
        {
            return Dates == DateRule.Remove ? [] : value;
        }

        // That there was an agent must be known; its name and the description that hints at it are free text.
        if (tag == DicomTags.ContrastBolusAgent)
        {
            return HasAgent(image) ? Even(SomeAgent, ' ') : [];
        }

        return tag == DicomTags.SopInstanceUid || tag == DicomTags.StudyInstanceUid || tag == DicomTags.SeriesInstanceUid || tag == DicomTags.FrameOfReferenceUid
            ? Uid(value)
            : value;
    }

    /// <summary>What a copy says about itself (PS3.3 C.7.1.1, C.12.1), and the attributes of type 2 that are empty now.</summary>
    internal void Describe(CopiedItem copy, DicomInstance image)
    {
        foreach (var (tag, vr) in (ReadOnlySpan<(DicomTag, DicomVr)>)
            [
                (DicomTags.AccessionNumber, DicomVr.SH), (DicomTags.ReferringPhysicianName, DicomVr.PN), (DicomTags.PatientName, DicomVr.PN),
                (DicomTags.PatientBirthDate, DicomVr.DA), (DicomTags.PatientSex, DicomVr.CS), (DicomTags.StudyId, DicomVr.SH),
            ])
        {
            copy.Set(tag, vr, []);
        }

        if (Pseudonyms is null)
        {
            return;
        }

        if (HasAgent(image))
        {
            copy.Set(DicomTags.ContrastBolusAgent, DicomVr.LO, Even(SomeAgent, ' '));
        }

        copy.Set(DicomTags.PatientIdentityRemoved, DicomVr.CS, Even("YES", ' '));
        copy.Set(DicomTags.DeidentificationMethod, DicomVr.LO, Even("HemoApi: attributes of the image only", ' '));
        copy.Set(
            DicomTags.LongitudinalTemporalInformationModified,
            DicomVr.CS,
            Even(Dates switch { DateRule.Keep => "UNMODIFIED", DateRule.Shift => "MODIFIED", _ => "REMOVED" }, ' '));
        List<CopiedItem> codes = [Code("113100", "Basic Application Confidentiality Profile")];
        if (Dates != DateRule.Remove)
        {
            codes.Add(Dates == DateRule.Keep
                ? Code("113106", "Retain Longitudinal Temporal Information Full Dates Option")
                : Code("113107", "Retain Longitudinal Temporal Information Modified Dates Option"));
        }

        copy.SetSequence(DicomTags.DeidentificationMethodCodeSequence, codes);
    }

    internal static byte[] Even(string text, char padding) =>
        Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + padding);

    private static bool HasAgent(DicomInstance image) => image.HasContrastAgent || ContrastSigns.IsSuggestedBy(image.SeriesDescription);

    private string Date(DicomInstance image)
    {
        if (Dates == DateRule.Remove || image.StudyDateTime is not { } date)
        {
            return string.Empty;
        }

        var shift = Dates == DateRule.Shift ? Pseudonyms!.DayShift(image.PatientId ?? image.StudyInstanceUid) : 0;
        return (date.Year > 1 + (Pseudonyms.MostDays / 365) ? date.AddDays(shift) : date).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
    }

    private byte[] Uid(byte[] value)
    {
        var uid = Encoding.ASCII.GetString(value).Trim('\0', ' ');
        return uid.Length == 0 ? [] : Even(Pseudonyms!.Uid(uid), '\0');
    }

    private static CopiedItem Code(string value, string meaning)
    {
        var item = new CopiedItem();
        item.Set(DicomTags.CodeValue, DicomVr.SH, Even(value, ' '));
        item.Set(DicomTags.CodingSchemeDesignator, DicomVr.SH, Even(Dicom, ' '));
        item.Set(DicomTags.CodeMeaning, DicomVr.LO, Even(meaning, ' '));
        return item;
    }
}

/// <summary>What pseudonymous copies do with dates (PS3.15 E.3.6).</summary>
public enum DateRule
{
    /// <summary>No date and no time.</summary>
    Remove,

    /// <summary>All dates of one patient earlier by the same number of days, so that intervals and times of day stay.</summary>
    Shift,

    /// <summary>As they are.</summary>
    Keep,
}
