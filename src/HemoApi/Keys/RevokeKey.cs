using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Keys;

/// <summary>Makes a key worthless at once. Again does no harm.</summary>
public static class RevokeKey
{
    public static async Task<Results<NoContent, Problem>> Handle(string keyId, HemoDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await db.ApiKeys.SingleOrDefaultAsync(k => k.KeyId == keyId, cancellationToken) is not { } key)
        {
            return KeyFaults.NotFound.ToProblem();
        }

        key.RevokedAt ??= time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
