using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Housekeeping;

/// <summary>Sets how long a tenant's studies are kept, by the API or by the command, with an entry in the audit trail.</summary>
public static class SetRetention
{
    public static async Task<Results<Ok<RetentionDocument>, Problem>> Handle(
        RetentionRequest request, HemoDbContext db, Caller caller, AuditTrail trail, IOptions<RetentionOptions> options, CancellationToken cancellationToken)
    {
        if (request.StudyDays is < 0 or > RetentionOptions.MaximumDays)
        {
            return new Fault(
                FaultCodes.RequestInvalid,
                $"studyDays must be from 0 to {RetentionOptions.MaximumDays}.",
                "Give the days that studies are kept, 0 to keep them for ever, or null to keep them as the service's setting says.").ToProblem();
        }

        await Set(db, trail, caller.TenantId, request.StudyDays, caller.Id, cancellationToken);
        return TypedResults.Ok(RetentionDocument.Of(request.StudyDays, options.Value));
    }

    /// <param name="days">0: for ever; null: as the setting says.</param>
    /// <param name="by">For the audit trail.</param>
    public static async Task Set(HemoDbContext db, AuditTrail trail, Guid tenantId, int? days, string by, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await trail.Append(db, new AuditRecord(tenantId, by, "retention.set") { Detail = days is { } n ? $"days={n}" : "as configured" }, cancellationToken);

        // The tenant's row is locked last, as everywhere.
        await db.Tenants.Where(t => t.Id == tenantId).ExecuteUpdateAsync(set => set.SetProperty(t => t.RetentionDays, days), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <param name="StudyDays">Days after its upload that a study is deleted, 0 to 36,500; 0: never; null or absent: as the service's setting says.</param>
public sealed record RetentionRequest(int? StudyDays);
