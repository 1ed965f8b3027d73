using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Jobs;

/// <summary>A tenant's jobs of one priority that wait.</summary>
/// <param name="Turn">As the tenant's row has it for that priority.</param>
public sealed record QueuedJobs(Guid TenantId, JobPriority Priority, int Jobs, DateTimeOffset Oldest, long Turn);

/// <summary>How many jobs of whom wait. To count a long queue takes the database some time, and many ask who wait in it: for a second they are told the same.
/// A short queue is counted for each.</summary>
public sealed class QueueLengths(TimeProvider time) : IDisposable
{
    private const int Long = 1_000;
    private static readonly TimeSpan Shared = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Count? _last;

    /// <param name="db">Any caller's: the jobs of all tenants are counted.</param>
    public async Task<IReadOnlyList<QueuedJobs>> Read(HemoDbContext db, CancellationToken cancellationToken)
    {
        if (_last is not { IsLong: true })
        {
            return (_last = await Read()).Queues;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { IsLong: true } last || time.GetElapsedTime(last.At) >= Shared)
            {
                _last = last = await Read();
            }

            return last.Queues;
        }
        finally
        {
            _gate.Release();
        }

        async Task<Count> Read()
        {
            var at = time.GetTimestamp();
            var waiting = await db.Jobs.IgnoreQueryFilters()
                .Where(j => j.Status == JobStatus.Queued)
                .GroupBy(j => new { j.TenantId, j.Priority })
                .Select(g => new { g.Key.TenantId, g.Key.Priority, Jobs = g.Count(), Oldest = g.Min(j => j.QueuedAt) })
                .ToListAsync(cancellationToken);
            var turns = await db.Tenants.IgnoreQueryFilters().ToDictionaryAsync(t => t.Id, t => new { t.StatTurn, t.RoutineTurn }, cancellationToken);
            return new(at, [.. waiting.Select(w => new QueuedJobs(
                w.TenantId, w.Priority, w.Jobs, w.Oldest, w.Priority == JobPriority.Stat ? turns[w.TenantId].StatTurn : turns[w.TenantId].RoutineTurn))]);
        }
    }

    public void Dispose() => _gate.Dispose();

    private sealed record Count(long At, IReadOnlyList<QueuedJobs> Queues)
    {
        public bool IsLong { get; } = Queues.Sum(q => q.Jobs) >= Long;
    }
}
