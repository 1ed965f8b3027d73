namespace HemoApi.Jobs;

/// <summary>Counts the segmentations that run in this process, so that work which no one waits for can stand back.</summary>
public sealed class ForegroundJobs : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private int _running;

    /// <returns>To be disposed of when the segmentation has ended.</returns>
    public IDisposable Enter()
    {
        Count(1);
        return new Stay(this);
    }

    /// <summary>Blocks the thread while a segmentation runs.</summary>
    /// <exception cref="OperationCanceledException">Cancelled meanwhile.</exception>
    public void WaitUntilIdle(CancellationToken cancellationToken) => _idle.Wait(cancellationToken);

    public void Dispose() => _idle.Dispose();

    private void Count(int change)
    {
        lock (_gate)
        {
            _running += change;
            if (_running == 0)
            {
                _idle.Set();
            }
            else
            {
                _idle.Reset();
            }
        }
    }

    private sealed class Stay(ForegroundJobs jobs) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                jobs.Count(-1);
            }
        }
    }
}
