using System.Collections.Concurrent;
using HemoApi.Imaging;
using HemoApi.Results;

namespace HemoApi.Tests.Jobs;

/// <summary>Work that ends when the test says so, with a fault: for tests of what jobs do, not of what they find.</summary>
internal sealed class GatedWork : IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);

    /// <summary>Jobs in the order in which they were started.</summary>
    public ConcurrentQueue<Guid> Started { get; } = [];

    public async Task<Outcome<StoredResult>> Run(Guid jobId, Action<PipelineProgress> progress, CancellationToken cancellationToken)
    {
        Started.Enqueue(jobId);
        await _gate.WaitAsync(cancellationToken);
        return new Fault(FaultCodes.SeriesNotCt, "Not CT.", "Send CT.");
    }

    public void Release(int jobs = 1) => _gate.Release(jobs);

    public void Dispose() => _gate.Dispose();
}
