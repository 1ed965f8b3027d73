using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Benchmarks;

/// <summary>Offers studies at half of what the service can do and then at four times that, at fixed times whatever is answered. Jobs take a
/// fixed time here, so that the capacity is known and what is measured is the way in.</summary>
internal static class Overload
{
    private const int PixelsOfSlice = 128;
    private static readonly TimeSpan JobTime = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);
    private static readonly string[] Limits = ["--Quotas:WaitingJobs=15", "--Quotas:QueueLength=20", "--Jobs:Workers=1", "--Jobs:WatchInterval=00:00:04"];
    private static readonly HashSet<string> Expected = ["202", FaultCodes.QuotaExceeded, FaultCodes.QueueFull];

    /// <returns>0 where nothing but acceptance and the two refusals occurred.</returns>
    public static async Task<int> Run(string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("hemoapi-overload-").FullName;
        try
        {
            await using var app = HemoApi.Program.Build(
                ["--urls=http://127.0.0.1:0", $"--Storage:DataFolder={folder}", "--FirstStart:SampleStudy=false", "--Logging:LogLevel:Default=Error", .. Limits, .. settings],
                builder => builder.Services.AddSingleton<SegmentStudy>(async (_, _, cancellationToken) =>
                {
                    await Task.Delay(JobTime, cancellationToken);
                    return (Outcome<StoredResult>)new Fault(FaultCodes.SeriesNotCt, "Measured nothing.", "None.");
                }));
            await app.StartAsync();

            // The first tenant sends three of four studies.
            var (large, small) = (await Client(app, "large"), await Client(app, "small"));
            HttpClient[] clients = [large, large, large, small];
            var capacity = 1 / JobTime.TotalSeconds;
            await Offer(clients, capacity / 2, TimeSpan.FromSeconds(5));
            var calm = await Offer(clients, capacity / 2, Duration);
            var full = await Offer(clients, capacity * 4, Duration);

            Console.WriteLine($"capacity {capacity:F1} studies a second, {SmallStudy.Zip(PixelsOfSlice).Length / 1e6:F1} MB each; offered for {Duration.TotalSeconds:F0} s each time");
            Console.WriteLine($"{"offered",-9} {"sent",5} {"accepted",9} {"429",5} {"503",5} {"other",6} {"accepted p50",13} {"p95",8} {"refused p50",12} {"p95",8}");
            Print("0.5 ×", calm);
            Print("4 ×", full);
            Console.WriteLine($"accepted at 4 × over 0.5 ×: p50 {Ratio(calm, full, 0.5):F2}, p95 {Ratio(calm, full, 0.95):F2} (flat is about 1)");
            Console.WriteLine($"accepted at 4 ×: {full.Count(a => a.Code == "202") / Duration.TotalSeconds / capacity:F2} of the capacity (and the queue that was filled)");
            return calm.Concat(full).All(a => Expected.Contains(a.Code) && (a.Code == "202" || a.HasRetryAfter)) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Answer[]> Offer(HttpClient[] clients, double perSecond, TimeSpan duration)
    {
        var answers = new ConcurrentBag<Answer>();
        var zips = Enumerable.Range(0, (int)(perSecond * duration.TotalSeconds)).Select(_ => SmallStudy.Zip(PixelsOfSlice)).ToArray();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(zips.Select(async (zip, i) =>
        {
            var due = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(start);
            await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero);
            answers.Add(await Post(clients[i % clients.Length], zip));
        }));
        return [.. answers];
    }

    private static async Task<Answer> Post(HttpClient client, byte[] zip)
    {
        using var body = new ByteArrayContent(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.PostAsync("/api/v1/studies", body);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new Answer(document.TryGetProperty("code", out var code) ? code.GetString()! : $"{(int)answer.StatusCode}", seconds, answer.Headers.RetryAfter is not null);
    }

    private static void Print(string name, Answer[] answers)
    {
        var accepted = answers.Where(a => a.Code == "202").Select(a => a.Seconds).ToArray();
        var refused = answers.Where(a => a.Code != "202").Select(a => a.Seconds).ToArray();
        int Count(string code) => answers.Count(a => a.Code == code);
        Console.WriteLine(
            $"{name,-9} {answers.Length,5} {accepted.Length,9} {Count(FaultCodes.QuotaExceeded),5} {Count(FaultCodes.QueueFull),5} {answers.Count(a => !Expected.Contains(a.Code)),6} "
            + $"{Quantiles.Of(accepted, 0.5) * 1000,10:F0} ms {Quantiles.Of(accepted, 0.95) * 1000,5:F0} ms {Quantiles.Of(refused, 0.5) * 1000,9:F0} ms {Quantiles.Of(refused, 0.95) * 1000,5:F0} ms");
    }

    private static double Ratio(Answer[] calm, Answer[] full, double quantile) => Accepted(full, quantile) / Accepted(calm, quantile);

    private static double Accepted(Answer[] answers, double quantile) => Quantiles.Of([.. answers.Where(a => a.Code == "202").Select(a => a.Seconds)], quantile);

    private static async Task<HttpClient> Client(WebApplication app, string name)
    {
        await using var db = app.Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        var tenant = db.Add(new Tenant { Name = name, CreatedAt = DateTimeOffset.UtcNow }).Entity;
        var (key, row) = ApiKeys.Create(tenant.Id, [Scopes.StudiesRead, Scopes.StudiesWrite], DateTimeOffset.UtcNow);
        db.Add(row);
        await db.SaveChangesAsync();
        return new HttpClient { BaseAddress = new Uri(app.Urls.First()), DefaultRequestHeaders = { { ApiKeyAuthentication.Header, key } } };
    }

    /// <param name="Code">Of the refusal, else the status.</param>
    private sealed record Answer(string Code, double Seconds, bool HasRetryAfter);
}
