namespace HemoApi.Imaging.Dicom;

/// <summary>Reads BodyPartExamined (0018,0015; defined terms in PS3.16 annex L). Protocols often leave the wrong one behind, so it ranks
/// and warns and refuses nothing.</summary>
internal static class BodyPart
{
    private static readonly string[] HeadWords = ["HEAD", "BRAIN", "SKULL", "CRANI", "CEREB", "NEURO", "SCHAEDEL", "KOPF"];

    /// <summary>It names something, and that is not the head.</summary>
    public static bool IsElsewhere(string? bodyPart) =>
        bodyPart is not null && !HeadWords.Any(word => bodyPart.Contains(word, StringComparison.OrdinalIgnoreCase));
}
