using HemoApi.Imaging;
using HemoApi.Storage;

namespace HemoApi.Jobs;

/// <summary>A document about work that is on its way.</summary>
public interface IProgressDocument
{
    JobStatus Status { get; }

    bool HasEnded { get; }
}

/// <summary>Holds an answer back while a status stays what it is.</summary>
public sealed class LongPoll(JobSignals signals, TimeProvider time, IHostApplicationLifetime host)
{
    private const int MaximumSeconds = 60;
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);

    /// <param name="read">Reads the document, or the fault that says why there is none.</param>
    /// <returns>The document once its status has changed or its work ended, after the wait at the latest; or request.invalid.</returns>
    public async Task<Outcome<T>> Read<T>(Guid id, int waitSeconds, Func<Task<Outcome<T>>> read, CancellationToken cancellationToken)
        where T : IProgressDocument
    {
        if (waitSeconds is < 0 or > MaximumSeconds)
        {
            return new Fault(
                FaultCodes.RequestInvalid,
                $"waitSeconds must be from 0 to {MaximumSeconds}.",
                "Ask again when the answer comes and the work has not ended.");
        }

        var start = time.GetTimestamp();
        var wait = TimeSpan.FromSeconds(waitSeconds);
        var before = await read();
        var now = before;
        while (now.TryGet(out var document, out _) && !document.HasEnded && document.Status == before.Value.Status
            && time.GetElapsedTime(start) is var waited && waited < wait && !host.ApplicationStopping.IsCancellationRequested)
        {
            var left = wait - waited;
            await signals.Wait(id, left < ReadAgain ? left : ReadAgain, cancellationToken);
            now = await read();
        }

        return now;
    }
}
