using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Keys;

/// <summary>Puts a new key in the place of one, which stays valid for a while.</summary>
public static class RotateKey
{
    public const int DefaultGraceHours = 24;
    public const int LongestGraceHours = 720;

    /// <param name="graceHours">0 to 720: how long the old key stays valid; 24 where absent.</param>
    public static async Task<Results<Created<CreatedKeyDocument>, Problem>> Handle(
        string keyId, [FromQuery] int? graceHours, Caller caller, HemoDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        if (graceHours is < 0 or > LongestGraceHours)
        {
            return KeyFaults.Invalid($"graceHours must be from 0 to {LongestGraceHours}.", "Leave it out for a day.").ToProblem();
        }

        if (await db.ApiKeys.SingleOrDefaultAsync(k => k.KeyId == keyId, cancellationToken) is not { } old)
        {
            return KeyFaults.NotFound.ToProblem();
        }

        var now = time.GetUtcNow();
        if (!KeyDocument.Of(old, now).Active)
        {
            return KeyFaults.NotActive.ToProblem();
        }

        var beyond = old.Scopes.Where(scope => !caller.Holds(scope)).ToList();
        if (beyond.Count > 0)
        {
            return KeyFaults.BeyondCaller(beyond).ToProblem();
        }

        var (key, row) = ApiKeys.Rotate(old, TimeSpan.FromHours(graceHours ?? DefaultGraceHours), now);
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Created($"/api/v1/keys/{row.KeyId}", new CreatedKeyDocument(key, KeyDocument.Of(row, now)));
    }
}
