using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HemoApi.Tests.Webhooks;

/// <summary>A real listener on loopback that keeps what it is sent and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Requests in the order in which they came.</summary>
    public ConcurrentQueue<Received> Requests { get; } = [];

    public string Url => _app.Urls.First();

    public static async Task<Receiver> Start(Func<Received, HttpContext, int, Task>? answer = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var request = new Received(
                $"{context.Request.Method} {context.Request.Path}",
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray(),
                DateTimeOffset.UtcNow);
            receiver.Requests.Enqueue(request);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            if (answer is not null)
            {
                await answer(request, context, receiver.Requests.Count);
            }
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record Received(string Line, Dictionary<string, string> Headers, byte[] Body, DateTimeOffset At);
