using System.Data.Common;
using Azure;
using HemoApi.Audit;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace HemoApi.Hosting;

/// <summary>Surprises become <c>internal</c>. The caller sees nothing of the inside, and the log sees no message of the
/// exception, because it may quote patient data or a file name: type and stack are enough to find the place.</summary>
public sealed partial class ExceptionProblems(HemoMetrics metrics, ILogger<ExceptionProblems> log) : IExceptionHandler
{
    public static Fault Internal { get; } = new(
        FaultCodes.Internal,
        "The service failed while answering this request.",
        "Try again; if it fails again, report the traceId to whoever runs the service.");

    private static Fault Nul { get; } = new(
        FaultCodes.RequestInvalid,
        "A value of the request holds a NUL character.",
        "Send the text without it.");

    public static Fault Away { get; } = new(
        FaultCodes.DependencyUnavailable,
        "The database, the audit trail or the store of the files does not answer at the moment.",
        "Send the request again later; a study that was stored already is found, not stored twice.");

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        if (exception is BadHttpRequestException bad)
        {
            await Refusals.OfStatus(bad.StatusCode).ExecuteAsync(httpContext);
            return true;
        }

        if (exception.IsTextWithNul())
        {
            await Nul.ToProblem().ExecuteAsync(httpContext);
            return true;
        }

        if (exception is AuditUnavailableException)
        {
            metrics.AuditFailed();
        }

        if (StorageFull.Is(exception))
        {
            LogFull(exception.Shape());
            await StorageFull.Fault.ToProblem().ExecuteAsync(httpContext);
            return true;
        }

        if (exception.IsDependencyAway())
        {
            LogAway(exception.Shape());
            await Away.ToProblem().ExecuteAsync(httpContext);
            return true;
        }

        if (exception is BlobMissingException)
        {
            LogMissing(exception.Message);
            await StorageFaults.Missing.ToProblem().ExecuteAsync(httpContext);
            return true;
        }

        LogSurprise(exception.Shape());
        await Internal.ToProblem().ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "The database or the blobs are away: {Shape}")]
    private partial void LogAway(string shape);

    [LoggerMessage(LogLevel.Error, "The disk is full: {Shape}")]
    private partial void LogFull(string shape);

    /// <param name="message">Of ids alone.</param>
    [LoggerMessage(LogLevel.Error, "A row has lost its file: {Message}")]
    private partial void LogMissing(string message);

    [LoggerMessage(LogLevel.Error, "Unexpected failure: {Shape}")]
    private partial void LogSurprise(string shape);
}

public static class ExceptionShape
{
    /// <summary>Whether it comes from a database or blob store that is restarting, unreachable or overloaded, and may answer later.</summary>
    public static bool IsDependencyAway(this Exception exception) =>
        exception is DbException { IsTransient: true } or RequestFailedException { Status: 0 or 408 or 429 or >= 500 } or AuditUnavailableException
        || (exception.InnerException is { } inner && inner.IsDependencyAway());

    /// <summary>Whether nothing is wrong with the work that met it: once what the service depends on is well again, or the disk has room, it can be done.</summary>
    public static bool MayPass(this Exception exception) => exception.IsDependencyAway() || StorageFull.Is(exception);

    /// <summary>PostgreSQL takes every text but one with a NUL (character_not_in_repertoire).</summary>
    public static bool IsTextWithNul(this Exception exception) =>
        exception is DbException { SqlState: "22021" } || (exception.InnerException is { } inner && inner.IsTextWithNul());

    /// <summary>Types and stacks, without messages: they may hold patient data.</summary>
    public static string Shape(this Exception exception) => exception.InnerException is { } inner
        ? $"{exception.GetType()}\n{exception.StackTrace}\ncaused by {inner.Shape()}"
        : $"{exception.GetType()}\n{exception.StackTrace}";
}
