using HemoApi.Imaging;
using HemoApi.Storage;

namespace HemoApi.Jobs;

/// <summary>A document about work that is on its way.</summary>
public interface IProgressDocument
{
    JobStatus Status { get; }

    bool HasEnded { get; }
}

/// <summary>Holds an answer back until there is something new.</summary>
public sealed class LongPoll(JobSignals signals, TimeProvider time, IHostApplicationLifetime host)
{
    private const int MaximumSeconds = 60;
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);

    /// <param name="read">Reads the document, or the fault that says why there is none.</param>
    /// <returns>The document once its status has changed or its work ended, after the wait at the latest; or request.invalid.</returns>
    public Task<Outcome<T>> Read<T>(Guid id, int waitSeconds, Func<Task<Outcome<T>>> read, CancellationToken cancellationToken)
        where T : IProgressDocument
    {
        JobStatus? before = null;
        return Read(id, waitSeconds, read, document => document.HasEnded || document.Status != (before ??= document.Status), cancellationToken);
    }

    /// <param name="id">What is pulsed when there may be news.</param>
    /// <param name="isNews">Whether the document is worth an answer before the wait is over.</param>
    public async Task<Outcome<T>> Read<T>(Guid id, int waitSeconds, Func<Task<Outcome<T>>> read, Func<T, bool> isNews, CancellationToken cancellationToken)
        where T : notnull
    {
        if (waitSeconds is < 0 or > MaximumSeconds)
        {
            return new Fault(
                FaultCodes.RequestInvalid,
                $"waitSeconds must be from 0 to {MaximumSeconds}.",
                "Ask again when the answer comes and there was nothing new.");
        }

        var start = time.GetTimestamp();
        var wait = TimeSpan.FromSeconds(waitSeconds);
        var now = await read();
        while (now.TryGet(out var document, out _) && !isNews(document)
            && time.GetElapsedTime(start) is var waited && waited < wait && !host.ApplicationStopping.IsCancellationRequested)
        {
            var left = wait - waited;
            await signals.Wait(id, left < ReadAgain ? left : ReadAgain, cancellationToken);
            now = await read();
        }

        return now;
    }
}
