using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Keys;

/// <summary>Makes a key of the caller's tenant.</summary>
public static class CreateKey
{
    private const int LongestName = 100;

    public static async Task<Results<Created<CreatedKeyDocument>, Problem>> Handle(
        CreateKeyRequest request, Caller caller, HemoDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Check(request, caller, now) is { } fault)
        {
            return fault.ToProblem();
        }

        var (key, row) = ApiKeys.Create(
            caller.TenantId, [.. request.Scopes!.Distinct(StringComparer.Ordinal)], now, request.Name, request.ExpiresAt?.ToUniversalTime());
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/api/v1/keys/{row.KeyId}", new CreatedKeyDocument(key, KeyDocument.Of(row, now)));
    }

    private static Fault? Check(CreateKeyRequest request, Caller caller, DateTimeOffset now)
    {
        if (request.Scopes is not { Count: > 0 } scopes || scopes.Except(Scopes.All).Any())
        {
            return KeyFaults.Invalid("scopes must name at least one scope, and only known ones.", $"Choose from {string.Join(", ", Scopes.All)}.");
        }

        if (request.Name is { } name && (name.Length is 0 or > LongestName || name.Any(char.IsControl)))
        {
            return KeyFaults.Invalid($"name must have 1 to {LongestName} characters and no control characters.", "Say shortly what the key is for, or leave name out.");
        }

        if (request.ExpiresAt <= now)
        {
            return KeyFaults.Invalid("expiresAt is over already.", "Give a time to come, ISO 8601, or leave it out.");
        }

        var beyond = scopes.Where(scope => !caller.Holds(scope)).ToList();
        return beyond.Count > 0 ? KeyFaults.BeyondCaller(beyond) : null;
    }
}

/// <param name="Name">What the key is for, 1 to 100 characters.</param>
/// <param name="Scopes">What it may do: `studies:read`, `studies:write`, `evaluations:write`, `admin`. None that the caller lacks.</param>
/// <param name="ExpiresAt">From then on it is refused, ISO 8601; never where absent.</param>
public sealed record CreateKeyRequest(string? Name = null, IReadOnlyList<string>? Scopes = null, DateTimeOffset? ExpiresAt = null);
