using Azure;

namespace HemoApi.Storage;

/// <summary>Gives one name to the ways in which the client says that the store was not to be reached: after its retries it throws an
/// <see cref="AggregateException"/> of whatever each of them met, and while it reads, what the last one met.</summary>
internal static class AzureReach
{
    /// <exception cref="RequestFailedException">Status 0: no answer, or only a part of it, after several tries.</exception>
    public static async Task<T> Try<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (IsOfTheWay(e, cancellationToken))
        {
            throw Away(e);
        }
    }

    /// <exception cref="RequestFailedException">Status 0: no answer, or only a part of it, after several tries.</exception>
    public static T Try<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (IsOfTheWay(e, CancellationToken.None))
        {
            throw Away(e);
        }
    }

    private static bool IsOfTheWay(Exception exception, CancellationToken cancellationToken) =>
        exception is AggregateException or IOException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private static RequestFailedException Away(Exception cause) => new(0, "the blob store was not to be reached", null, cause);
}
