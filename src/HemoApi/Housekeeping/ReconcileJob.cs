using Hangfire;
using HemoApi.Audit;
using HemoApi.Hosting;
using Microsoft.Extensions.Options;

namespace HemoApi.Housekeeping;

/// <summary>Finds blobs without rows and rows without blobs, and says what it did: in the log, the metrics and the audit trail.</summary>
public sealed partial class ReconcileJob(
    BlobOrphans blobs, RowOrphans rows, AuditTrail trail, HemoMetrics metrics, IOptions<ReconcilerOptions> options, TimeProvider time, ILogger<ReconcileJob> log)
{
    public const string CallerId = "reconciler";

    [Queue(HousekeepingSetup.Queue)]
    [DisableConcurrentExecution(timeoutInSeconds: 60)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task Run(CancellationToken cancellationToken)
    {
        await foreach (var orphan in Find(options.Value.Fix, cancellationToken))
        {
            LogFound(log, orphan.Kind, orphan.Id, orphan.Fixed ? "put in order" : "left as it is");
        }
    }

    /// <param name="fix">Put in order what can be; else only say it.</param>
    public async IAsyncEnumerable<Orphan> Find(bool fix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Value.Grace;
        foreach (var orphans in (IAsyncEnumerable<Orphan>[])[rows.Find(before, fix, cancellationToken), blobs.Find(before, fix, cancellationToken)])
        {
            await foreach (var orphan in orphans)
            {
                metrics.Orphan(orphan.Kind, orphan.Fixed);
                if (orphan.Fixed)
                {
                    await trail.Append(
                        new AuditRecord(orphan.TenantId ?? AuditTrail.NoTenant, CallerId, orphan.TenantId is null ? "blob.removed" : "work.failed")
                        {
                            StudyId = orphan.StudyId, Subject = orphan.Id, Detail = orphan.Kind,
                        },
                        cancellationToken);
                }

                yield return orphan;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Reconciler: {Kind} {Id} has lost its other half and is {Outcome}")]
    private static partial void LogFound(ILogger log, string kind, string id, string outcome);
}
