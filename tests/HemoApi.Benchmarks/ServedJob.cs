using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Benchmarks;

/// <param name="UploadSeconds">From the request to its 202.</param>
/// <param name="JobSeconds">From the job's start to its end.</param>
/// <param name="NetworkSeconds">Of it, inside the network.</param>
internal sealed record ServedJob(double UploadSeconds, double JobSeconds, double NetworkSeconds)
{
    /// <summary>One study through the whole service, over HTTP.</summary>
    public static async Task<ServedJob> Run(WebApplication app, byte[] studyZip)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add(ApiKeyAuthentication.Header, await NewKey(app));
        var body = new ByteArrayContent(studyZip);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var response = await client.PostAsync("/api/v1/studies", body);
        var upload = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        response.EnsureSuccessStatusCode();
        while (true)
        {
            var job = await client.GetFromJsonAsync<JsonElement>($"{response.Headers.Location}?waitSeconds=60");
            switch (job.GetProperty("status").GetString())
            {
                case "succeeded":
                    var duration = job.GetProperty("finishedAt").GetDateTimeOffset() - job.GetProperty("startedAt").GetDateTimeOffset();
                    return new(upload, duration.TotalSeconds, job.GetProperty("stageSeconds").GetProperty("network").GetDouble());
                case "queued" or "running":
                    continue;
                default:
                    throw new InvalidOperationException($"the job did not succeed: {job}");
            }
        }
    }

    private static async Task<string> NewKey(WebApplication app)
    {
        await using var db = app.Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        var (key, row) = ApiKeys.Create(db.Tenants.Single().Id, [Scopes.StudiesRead, Scopes.StudiesWrite], DateTimeOffset.UtcNow);
        db.Add(row);
        await db.SaveChangesAsync();
        return key;
    }
}
