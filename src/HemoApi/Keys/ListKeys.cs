using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Keys;

public static class ListKeys
{
    public static async Task<Ok<KeyList>> Handle(HemoDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = await db.ApiKeys.AsNoTracking().OrderByDescending(k => k.CreatedAt).ThenBy(k => k.KeyId).ToListAsync(cancellationToken);
        return TypedResults.Ok(new KeyList([.. rows.Select(row => KeyDocument.Of(row, now))]));
    }
}
