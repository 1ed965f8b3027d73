using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Webhooks;

/// <param name="ResponseStatus">Of the answer; null where there was none.</param>
/// <param name="Error">Of <see cref="DeliveryErrors"/>; null where it was delivered.</param>
public readonly record struct Attempt(int? ResponseStatus, string? Error);

/// <summary>Sends a message to its receiver: directly, without proxy, cookies or redirects, and without reading the body of the answer.</summary>
public sealed class WebhookClient : IDisposable
{
    private const int MaxHeaderKilobytes = 16;
    private const int MaxDrainBytes = 64 << 10;

    private readonly WebhooksOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookClient(WebhookTargets targets, IOptions<WebhooksOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = targets.Connect,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            MaxResponseDrainSize = MaxDrainBytes,

            // A connection outlives what its name resolved to, so it must not live long.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("HemoApi", "1"));
    }

    /// <exception cref="OperationCanceledException">The process ends.</exception>
    public async Task<Attempt> Send(Webhook webhook, Guid deliveryId, byte[] body, CancellationToken shutdown)
    {
        if (!WebhookAddress.IsScheme(new Uri(webhook.Url), _options.AllowHttp))
        {
            return new Attempt(null, DeliveryErrors.Target);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var request = Request(webhook, deliveryId, body);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new Attempt((int)response.StatusCode, response.IsSuccessStatusCode ? null : DeliveryErrors.Status);
        }
        catch (OperationCanceledException) when (!shutdown.IsCancellationRequested)
        {
            return new Attempt(null, DeliveryErrors.Timeout);
        }
        catch (HttpRequestException e)
        {
            return new Attempt(null, ErrorOf(e));
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(Webhook webhook, Guid deliveryId, byte[] body)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var id = deliveryId.ToString();
        return new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers =
            {
                { WebhookSignature.IdHeader, id },
                { WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture) },
                { WebhookSignature.SignatureHeader, WebhookSignature.Of(webhook.Secret, id, timestamp, body) },
            },
        };
    }

    private static string ErrorOf(Exception exception) => exception switch
    {
        ForbiddenTargetException => DeliveryErrors.Target,
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => DeliveryErrors.Name,
        { InnerException: { } inner } => ErrorOf(inner),
        _ => DeliveryErrors.Connection,
    };
}
