using HemoApi.Hosting;

namespace HemoApi.Jobs;

/// <summary>Says at an interval that the process which does some work lives, until disposed of.</summary>
public sealed partial class SignsOfLife : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public SignsOfLife(TimeSpan interval, TimeProvider time, Func<Task> say, ILogger log) => _loop = Task.Run(async () =>
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await Say(say, log);
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private static async Task Say(Func<Task> say, ILogger log)
    {
        try
        {
            await say();
        }
        catch (Exception e)
        {
            // A database that is away for a moment must not end the work itself.
            LogNotSaid(log, e.Shape());
        }
    }

    [LoggerMessage(LogLevel.Warning, "A sign of life was not saved: {Shape}")]
    private static partial void LogNotSaid(ILogger log, string shape);
}
