using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Jobs;

/// <summary>Carries a run's progress to its row, at most four times a second, and brings the wish to cancel back.</summary>
public sealed partial class JobProgress : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Claim _claim;
    private readonly JobRun _run;
    private readonly JobTransitions _transitions;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile object? _latest;

    public JobProgress(Claim claim, JobRun run, JobTransitions transitions, TimeProvider time, ILogger log)
    {
        _claim = claim;
        _run = run;
        _transitions = transitions;
        _log = log;
        _loop = Task.Run(() => Loop(time));
    }

    public void Report(PipelineProgress progress) => _latest = progress;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task Loop(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        object? saved = null;
        while (await Next(timer))
        {
            try
            {
                var latest = _latest;
                var goOn = await _transitions.Progress(_claim, latest == saved ? null : (PipelineProgress?)latest);
                saved = latest;
                if (!goOn)
                {
                    _run.Cancel();
                }
            }
            catch (Exception e)
            {
                // Progress is a courtesy: a database that is away for a moment must not end the work itself.
                LogNotSaved(_log, _claim.Id, e.Shape());
            }
        }
    }

    private async ValueTask<bool> Next(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Progress of job {JobId} not saved: {Shape}")]
    private static partial void LogNotSaved(ILogger log, Guid jobId, string shape);
}
