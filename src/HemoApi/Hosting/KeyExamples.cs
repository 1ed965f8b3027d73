using HemoApi.Audit;
using HemoApi.Keys;
using HemoApi.Storage;

namespace HemoApi.Hosting;

/// <summary>Examples of keys and of the audit trail in the API document.</summary>
internal static class KeyExamples
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 15, 0, TimeSpan.Zero);

    private static readonly ApiKey Row = new()
    {
        TenantId = Guid.Empty, KeyId = "5f0c9a1be27d4836", SecretHash = [], Scopes = [Scopes.StudiesRead], Name = "Viewer in ward 3", CreatedAt = Now, ExpiresAt = Now.AddDays(365),
    };

    public static CreatedKeyDocument Created() => new("hemo_5f0c9a1be27d4836_(the secret half)", KeyDocument.Of(Row, Now));

    public static KeyList List() => new([KeyDocument.Of(Row, Now)]);

    public static AuditPage Audit() => new(
        [
            new AuditDocument(
                1042,
                Now,
                "key:5f0c9a1be27d4836",
                "results.read",
                200,
                ApiExamples.StudyId,
                null,
                null,
                "192.0.2.17",
                "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ],
        null);
}
