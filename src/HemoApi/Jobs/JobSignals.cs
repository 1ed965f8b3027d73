namespace HemoApi.Jobs;

/// <summary>Wakes those who wait for a job's row to change, within this process. A wait can miss a change that falls between
/// reading and waiting, and sees none of other processes: callers read the row again at least each second.</summary>
public sealed class JobSignals(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Signal> _signals = [];

    public void Pulse(Guid jobId)
    {
        lock (_gate)
        {
            if (_signals.Remove(jobId, out var signal))
            {
                signal.Source.TrySetResult();
            }
        }
    }

    /// <summary>How many wait for the job now.</summary>
    public int Waiting(Guid jobId)
    {
        lock (_gate)
        {
            return _signals.GetValueOrDefault(jobId)?.Waiting ?? 0;
        }
    }

    /// <summary>Returns at the next change or after <paramref name="atMost"/>.</summary>
    public async Task Wait(Guid jobId, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var signal = Join(jobId);
        try
        {
            await signal.Source.Task.WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // No change in time: the caller reads the row anyway.
        }
        finally
        {
            Leave(jobId, signal);
        }
    }

    private Signal Join(Guid jobId)
    {
        lock (_gate)
        {
            if (!_signals.TryGetValue(jobId, out var signal))
            {
                _signals[jobId] = signal = new Signal();
            }

            signal.Waiting++;
            return signal;
        }
    }

    private void Leave(Guid jobId, Signal signal)
    {
        lock (_gate)
        {
            if (--signal.Waiting == 0 && _signals.GetValueOrDefault(jobId) == signal)
            {
                _signals.Remove(jobId);
            }
        }
    }

    private sealed class Signal
    {
        public TaskCompletionSource Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }
    }
}
