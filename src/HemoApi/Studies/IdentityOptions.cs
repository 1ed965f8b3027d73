using HemoApi.Imaging.Dicom;

namespace HemoApi.Studies;

/// <summary>Section <c>Identity</c>: what is kept of the patient.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>What uploads lose before they are stored. Default: <see cref="IdentityProfile.Minimal"/>.</summary>
    public IdentityProfile Profile { get; set; } = IdentityProfile.Minimal;

    /// <summary>What becomes of dates under <see cref="IdentityProfile.Basic"/>. Default: <see cref="DateRule.Remove"/>.</summary>
    public DateRule Dates { get; set; } = DateRule.Remove;

    /// <summary>At least 32 random bytes in base64, from which the key of each tenant is derived. Processes that share a database share it. Where it is
    /// absent the file <c>identity.key</c> in the data folder holds one, made when it is first needed: back it up, but not beside the database.</summary>
    public string? Secret { get; set; }

    public bool HasValidSecret => Secret is null
        || (Convert.TryFromBase64String(Secret, new byte[Secret.Length], out var bytes) && bytes >= Pseudonyms.LeastKeyBytes);
}

public enum IdentityProfile
{
    /// <summary>Attributes that the service does not read are gone, names first of all. Patient ID, dates, UIDs and the series' description stay.</summary>
    Minimal,

    /// <summary>The same, and by the Basic Application Level Confidentiality Profile (DICOM PS3.15 annex E) pseudonyms instead of Patient ID and UIDs, no
    /// descriptions and no file names.</summary>
    Basic,

    /// <summary>Uploads are kept as they came.</summary>
    Original,
}
