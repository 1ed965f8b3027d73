using HemoApi.Imaging;
using Microsoft.AspNetCore.Diagnostics;

namespace HemoApi.Hosting;

/// <summary>Surprises become <c>internal</c>. The caller sees nothing of the inside, and the log sees no message of the
/// exception, because it may quote patient data or a file name: type and stack are enough to find the place.</summary>
public sealed partial class ExceptionProblems(ILogger<ExceptionProblems> log) : IExceptionHandler
{
    public static Fault Internal { get; } = new(
        FaultCodes.Internal,
        "The service failed while answering this request.",
        "Try again; if it fails again, report the traceId to whoever runs the service.");

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

        LogSurprise(exception.Shape());
        await Internal.ToProblem().ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "Unexpected failure: {Shape}")]
    private partial void LogSurprise(string shape);
}

public static class ExceptionShape
{
    /// <summary>Types and stacks, without messages: they may hold patient data.</summary>
    public static string Shape(this Exception exception) => exception.InnerException is { } inner
        ? $"{exception.GetType()}\n{exception.StackTrace}\ncaused by {inner.Shape()}"
        : $"{exception.GetType()}\n{exception.StackTrace}";
}
