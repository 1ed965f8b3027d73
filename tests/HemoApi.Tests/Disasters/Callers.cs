using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace HemoApi.Tests.Disasters;

/// <summary>What a caller saw of one upload.</summary>
/// <param name="ZipSha256">Of what was sent.</param>
/// <param name="Answer">The status and, of a refusal, its code; null where the connection broke before an answer.</param>
internal sealed record Upload(string ZipSha256, string? Answer, Guid Study, Guid Job)
{
    public const string Accepted = "202";

    public bool IsAccepted => Answer == Accepted;
}

/// <summary>Hospital integrations: they send studies of the same image, one after the other, to whichever API answers, and note what they see.</summary>
internal sealed class Callers(Cluster cluster, int count) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);

    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;
    private int _inFlight;

    public ConcurrentQueue<Upload> Uploads { get; } = [];

    public int InFlight => _inFlight;

    /// <summary>While too many wait, callers wait too.</summary>
    public bool Hold { get; set; }

    public void Start() => _sending = Task.WhenAll(Enumerable.Range(0, count).Select(caller => Task.Run(() => Send(caller))));

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _sending;
    }

    public static byte[] Zip(string name) => new HeadStudy { Name = name, NoiseHu = 1 }.Zip();

    public void Dispose() => _stop.Dispose();

    private async Task Send(int caller)
    {
        var apis = Cluster.Of("api").ToArray();
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            await Task.Delay(Pause);
            if (!Hold && cluster.Client(apis[(caller + i) % apis.Length]) is { } client)
            {
                Uploads.Enqueue(await Send(client, Zip($"{caller} {i}")));
            }
        }
    }

    private async Task<Upload> Send(HttpClient client, byte[] zip)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(zip));
        Interlocked.Increment(ref _inFlight);
        try
        {
            using var answer = await client.PostZip(zip);
            var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (int)answer.StatusCode == 202
                ? new Upload(sha256, Upload.Accepted, document.GetProperty("studyId").GetGuid(), document.GetProperty("jobId").GetGuid())
                : new Upload(sha256, $"{(int)answer.StatusCode} {document.GetProperty("code").GetString()}", default, default);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ObjectDisposedException or TaskCanceledException)
        {
            return new Upload(sha256, null, default, default);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
