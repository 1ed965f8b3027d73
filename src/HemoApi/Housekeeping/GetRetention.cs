using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Housekeeping;

/// <summary>How long the caller's studies are kept.</summary>
public static class GetRetention
{
    public static async Task<Ok<RetentionDocument>> Handle(
        HemoDbContext db, Caller caller, IOptions<RetentionOptions> options, CancellationToken cancellationToken) => TypedResults.Ok(RetentionDocument.Of(
            await db.Tenants.Where(t => t.Id == caller.TenantId).Select(t => t.RetentionDays).SingleAsync(cancellationToken), options.Value));
}

/// <param name="StudyDays">What the tenant has set; absent where it goes by the service's setting.</param>
/// <param name="EffectiveStudyDays">What holds: days after its upload that a study is deleted; 0: never.</param>
public sealed record RetentionDocument(int? StudyDays, int EffectiveStudyDays)
{
    public static RetentionDocument Of(int? own, RetentionOptions options) => new(own, own ?? options.StudyDays);
}
