using System.Diagnostics;

namespace HemoApi.Hosting;

/// <summary>One line a request: the route's pattern, never the path, query string or body, because these may hold patient data.</summary>
public sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    public async Task Invoke(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            LogBrokenOff(e.Shape());
            throw;
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
            LogAnswer(
                context.Request.Method,
                route,
                context.Response.StatusCode,
                Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
        }
    }

    [LoggerMessage(LogLevel.Error, "An answer broke off: {Shape}")]
    private partial void LogBrokenOff(string shape);

    [LoggerMessage(LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds:F1} ms, trace {TraceId}")]
    private partial void LogAnswer(string method, string route, int status, double milliseconds, string traceId);
}
