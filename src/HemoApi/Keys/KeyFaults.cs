using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Keys;

public static class KeyFaults
{
    public static Fault NotFound { get; } = new(
        FaultCodes.NotFound, "The tenant has no key of this id.", "List the keys with GET /api/v1/keys.");

    public static Fault NotActive { get; } = new(
        FaultCodes.RequestInvalid, "The key is revoked or expired, so there is nothing to rotate.", "Make a new key with POST /api/v1/keys.");

    public static Fault Invalid(string detail, string remedy) => new(FaultCodes.RequestInvalid, detail, remedy);

    public static Fault BeyondCaller(IEnumerable<string> scopes) => new(
        FaultCodes.AuthScope,
        $"These credentials lack the scope {string.Join(", ", scopes)} themselves, so they can't grant it.",
        "Grant only scopes that your own key or token has.");
}
