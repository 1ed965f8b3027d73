using Hangfire;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Housekeeping;

/// <summary>Deletes studies that are older than their tenant keeps them. Each leaves the receipt of an erasure in the audit trail, as caller
/// <c>retention</c>.</summary>
public sealed partial class RetentionJob(
    HemoDatabase database, StudyEraser eraser, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionJob> log)
{
    public const string CallerId = "retention";
    private const int PageSize = 100;

    [Queue(HousekeepingSetup.Queue)]
    [DisableConcurrentExecution(timeoutInSeconds: 60)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var deleted = 0;
        foreach (var tenant in await db.Tenants.AsNoTracking().Select(t => new { t.Id, t.RetentionDays }).ToListAsync(cancellationToken))
        {
            if ((tenant.RetentionDays ?? options.Value.StudyDays) is > 0 and var days)
            {
                deleted += await Run(db, tenant.Id, time.GetUtcNow().AddDays(-days), cancellationToken);
            }
        }

        if (deleted > 0)
        {
            LogDeleted(log, deleted);
        }

        return deleted;
    }

    private async Task<int> Run(HemoDbContext db, Guid tenantId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (true)
        {
            var page = await db.Studies.Where(s => s.TenantId == tenantId && s.Status == StudyStatus.Stored && s.CreatedAt < before)
                .OrderBy(s => s.CreatedAt)
                .Select(s => s.Id)
                .Take(PageSize)
                .ToListAsync(cancellationToken);
            foreach (var id in page)
            {
                cancellationToken.ThrowIfCancellationRequested();

                // Once begun it must not stop half way because the process ends.
                deleted += await eraser.Erase(id, CallerId, CancellationToken.None) ? 1 : 0;
            }

            if (page.Count < PageSize)
            {
                return deleted;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Retention: {Count} studies were older than their tenants keep them and are deleted")]
    private static partial void LogDeleted(ILogger log, int count);
}
