using System.Collections.Concurrent;

namespace HemoApi.Jobs;

/// <summary>The jobs that run in this process, so that they can be told to stop.</summary>
public sealed class RunningJobs(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, JobRun> _runs = new();

    /// <exception cref="InvalidOperationException">The job runs already: its row was claimed twice.</exception>
    public JobRun Begin(Guid jobId, TimeSpan timeout, CancellationToken shutdown)
    {
        var run = new JobRun(timeout, time, shutdown, () => _runs.TryRemove(jobId, out _));
        if (!_runs.TryAdd(jobId, run))
        {
            run.Dispose();
            throw new InvalidOperationException($"job {jobId} runs already");
        }

        return run;
    }

    public bool Contains(Guid jobId) => _runs.ContainsKey(jobId);

    /// <summary>Asks a job of this process to stop; completes when it has, at once where it does not run here.</summary>
    public Task Cancel(Guid jobId)
    {
        if (!_runs.TryGetValue(jobId, out var run))
        {
            return Task.CompletedTask;
        }

        run.Cancel();
        return run.Ended;
    }
}

/// <summary>One run and the three things that can stop it: a caller, the time limit, and the end of the process.</summary>
public sealed class JobRun : IDisposable
{
    private readonly CancellationTokenSource _caller = new();
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _any;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _remove;

    internal JobRun(TimeSpan timeout, TimeProvider time, CancellationToken shutdown, Action remove)
    {
        _timeout = new CancellationTokenSource(timeout, time);
        _any = CancellationTokenSource.CreateLinkedTokenSource(_caller.Token, _timeout.Token, shutdown);
        _remove = remove;
    }

    public CancellationToken Token => _any.Token;

    public Task Ended => _ended.Task;

    public bool CancelledByCaller => _caller.IsCancellationRequested;

    public bool TimedOut => _timeout.IsCancellationRequested;

    public void Cancel()
    {
        try
        {
            _caller.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended: there is nothing left to stop.
        }
    }

    public void Dispose()
    {
        _remove();
        _any.Dispose();
        _timeout.Dispose();
        _caller.Dispose();
        _ended.TrySetResult();
    }
}
