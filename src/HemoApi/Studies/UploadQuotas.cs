using System.Globalization;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Studies;

/// <summary>Whether there is room for one more study: of the tenant's quotas, and in the queue that all share. Asked before a body is read, so
/// that a refused one costs nothing, and once more in the transaction that takes the study, so that uploads at the same time can't share
/// the last place.</summary>
public sealed class UploadQuotas(HemoDatabase database, IOptions<QuotasOptions> options, QueuePace pace, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Stored bytes become fewer only when someone deletes studies.</summary>
    private static readonly TimeSpan UntilSomeoneDeletes = TimeSpan.FromHours(1);

    /// <param name="bytes">What the request announces; 0 where it does not.</param>
    /// <returns>quota.exceeded, queue.full, or null.</returns>
    public async Task<Fault?> Check(Caller caller, JobPriority priority, long bytes, CancellationToken cancellationToken)
    {
        await using var db = database.Open(caller);
        return await Find(db, await Of(db, caller.TenantId, priority, cancellationToken), bytes, cancellationToken);
    }

    /// <summary>Takes the place of a study whose row the caller's transaction has just written; to be rolled back where it is refused. Last in
    /// the transaction: from here on to its end other uploads of the tenant wait for the tenant's row, and whoever holds that row must wait for
    /// no one, or two would wait for each other.</summary>
    /// <returns>As <see cref="Check"/>.</returns>
    public async Task<Fault?> Reserve(HemoDbContext db, Study study, JobPriority priority, CancellationToken cancellationToken)
    {
        await db.Tenants.Where(t => t.Id == study.TenantId)
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.StoredBytes, t => t.StoredBytes + study.UploadBytes), cancellationToken);
        return await Find(db, await Of(db, study.TenantId, priority, cancellationToken), 0, cancellationToken, study.Id);
    }

    /// <summary>Takes room for a file that is no study, in the caller's transaction, which is to be rolled back where it is refused; last in it, as
    /// <see cref="Reserve"/>.</summary>
    /// <returns>quota.exceeded, or null.</returns>
    public async Task<Fault?> ReserveBytes(HemoDbContext db, Guid tenantId, long bytes, CancellationToken cancellationToken)
    {
        await Release(db, tenantId, -bytes, cancellationToken);
        var limits = await Of(db, tenantId, JobPriority.Routine, cancellationToken);
        return limits.StoredBytes > limits.MaximumBytes ? Bytes(limits, 0) : null;
    }

    /// <summary>Gives bytes back, in the transaction that makes a row one without a blob.</summary>
    public static Task Release(HemoDbContext db, Guid tenantId, long bytes, CancellationToken cancellationToken) => db.Tenants.Where(t => t.Id == tenantId)
        .ExecuteUpdateAsync(set => set.SetProperty(t => t.StoredBytes, t => t.StoredBytes - bytes), cancellationToken);

    /// <param name="except">The study that asks, where it has a row.</param>
    private async Task<Fault?> Find(HemoDbContext db, Limits limits, long bytes, CancellationToken cancellationToken, Guid except = default)
    {
        if (limits.StoredBytes + bytes > limits.MaximumBytes)
        {
            return Bytes(limits, bytes);
        }

        var now = time.GetUtcNow();
        if (limits.PerHour == 0)
        {
            return Hour(0, Window);
        }

        // The study whose hour must be over before there is room; stored or not, it counts from when it was taken.
        var after = now - Window;
        var others = db.Studies.Where(s => s.TenantId == limits.TenantId && s.CreatedAt > after && s.Id != except);
        if (await others
            .OrderByDescending(s => s.CreatedAt).Select(s => (DateTimeOffset?)s.CreatedAt)
            .Skip(limits.PerHour - 1).FirstOrDefaultAsync(cancellationToken) is { } oldest)
        {
            return Hour(limits.PerHour, oldest + Window - now);
        }

        var waiting = db.Jobs.Where(j => j.Status == JobStatus.Queued);
        var arriving = await others.CountAsync(s => s.Status == StudyStatus.Pending, cancellationToken);
        var own = arriving + await waiting.Where(j => j.TenantId == limits.TenantId).OrderBy(j => j.Priority).ThenBy(j => j.QueuedAt).Take(limits.Waiting + 1).CountAsync(cancellationToken);
        if (own >= limits.Waiting)
        {
            return Waiting(limits, own);
        }

        var all = await waiting.IgnoreQueryFilters().OrderBy(j => j.TenantId).ThenBy(j => j.Priority).ThenBy(j => j.QueuedAt).Take(limits.Queue + 1).CountAsync(cancellationToken);
        return all >= limits.Queue ? Queue(limits, all) : null;
    }

    private async Task<Limits> Of(HemoDbContext db, Guid tenantId, JobPriority priority, CancellationToken cancellationToken)
    {
        var tenant = await db.Tenants.Where(t => t.Id == tenantId).Select(t => new { t.Name, t.StoredBytes }).SingleAsync(cancellationToken);
        var general = options.Value;
        var own = general.Tenants.GetValueOrDefault(tenant.Name);
        double Scaled(long limit) => Math.Ceiling(limit * (priority == JobPriority.Stat ? 1 + general.StatHeadroom : 1));
        return new Limits(
            tenantId,
            tenant.StoredBytes,
            (long)Scaled(own?.StoredBytes ?? general.StoredBytes),
            (int)Scaled(own?.StudiesPerHour ?? general.StudiesPerHour),
            (int)Scaled(own?.WaitingJobs ?? general.WaitingJobs),
            (int)Scaled(general.QueueLength));
    }

    private static Fault Bytes(Limits limits, long bytes) => new(
        FaultCodes.QuotaExceeded,
        string.Create(CultureInfo.InvariantCulture, $"The tenant's files may take {limits.MaximumBytes} bytes; {limits.StoredBytes + bytes} would be taken."),
        "Delete studies or reference masks that are no longer needed, or ask whoever runs the service for more space; space does not become free by waiting.")
    {
        RetryAfter = UntilSomeoneDeletes,
    };

    private static Fault Hour(int limit, TimeSpan wait) => new(
        FaultCodes.QuotaExceeded,
        string.Create(CultureInfo.InvariantCulture, $"The tenant may send {limit} studies an hour, and has."),
        "Send the upload again after the time that Retry-After names, when the first study of this hour no longer counts.")
    {
        RetryAfter = wait,
    };

    private Fault Waiting(Limits limits, int waiting) => new(
        FaultCodes.QuotaExceeded,
        string.Create(CultureInfo.InvariantCulture, $"{limits.Waiting} jobs of the tenant may wait at once, and do."),
        "Send the upload again after the time that Retry-After names, by when a job should have started; cancel jobs that are no longer needed.")
    {
        RetryAfter = pace.Until(waiting - limits.Waiting + 1, limits.TenantId),
    };

    private Fault Queue(Limits limits, int waiting) => new(
        FaultCodes.QueueFull,
        "As many studies of all tenants wait as the service takes.",
        "Send the upload again after the time that Retry-After names; nothing is wrong with it.")
    {
        RetryAfter = pace.Until(waiting - limits.Queue + 1),
    };

    private sealed record Limits(Guid TenantId, long StoredBytes, long MaximumBytes, int PerHour, int Waiting, int Queue);
}
