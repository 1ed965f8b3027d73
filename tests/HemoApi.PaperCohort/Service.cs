using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.PaperCohort;

/// <summary>The service in this process on a folder of its own, and what a caller asks of it over HTTP.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private Service(WebApplication app, HttpClient client)
    {
        _app = app;
        _client = client;
    }

    /// <param name="models">Folder of the model that measures.</param>
    public static async Task<Service> Start(string dataFolder, string models)
    {
        var app = HemoApi.Program.Build(["--urls=http://127.0.0.1:0", $"--Storage:DataFolder={dataFolder}", "--FirstStart:SampleStudy=false", $"--Models:Folders:0={models}", "--Logging:LogLevel:Default=Warning"]);
        await app.StartAsync();
        await using var db = app.Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        var (key, row) = ApiKeys.Create(db.Tenants.Single().Id, [Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite], DateTimeOffset.UtcNow);
        db.Add(row);
        await db.SaveChangesAsync();
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Add(ApiKeyAuthentication.Header, key);
        return new(app, client);
    }

    /// <summary>Uploads a study, waits for its job, and uploads the readers' masks.</summary>
    public async Task<Guid> Add(MadeStudy study, CancellationToken cancellation)
    {
        var uploaded = await Send(HttpMethod.Post, $"/api/v1/studies?site={Uri.EscapeDataString(study.Case.Hospital.Name)}", Bytes(study.Zip, "application/zip"), cancellation);
        var id = uploaded.GetProperty("studyId").GetGuid();
        var job = uploaded.GetProperty("jobId").GetGuid();
        await Ended($"/api/v1/jobs/{job}", cancellation);
        foreach (var (reader, nifti) in study.Masks)
        {
            await Send(HttpMethod.Post, $"/api/v1/studies/{id}/references?reader={reader}", Bytes(nifti, "application/gzip"), cancellation);
        }

        await EmptyScan(id, job, cancellation);
        return id;
    }

    /// <returns>Path of the finished evaluation.</returns>
    public async Task<string> Evaluate(object request, CancellationToken cancellation)
    {
        var created = await Send(HttpMethod.Post, "/api/v1/evaluations", JsonContent.Create(request), cancellation);
        var path = created.GetProperty("links").GetProperty("self").GetString()!;
        await Ended(path, cancellation);
        return path;
    }

    public Task<string> Text(string path, CancellationToken cancellation) => _client.GetStringAsync(path, cancellation);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>An evaluation reads masks alone, and hundreds of scans would take gigabytes: their blobs are replaced by empty ones.</summary>
    private async Task EmptyScan(Guid study, Guid job, CancellationToken cancellation)
    {
        var blobs = _app.Services.GetRequiredService<IBlobStore>();
        foreach (var key in new[] { BlobKeys.Upload(study), BlobKeys.Image(job), BlobKeys.OrthogonalImage(job) })
        {
            if (await blobs.Open(key, cancellation) is { } scan)
            {
                await scan.DisposeAsync();
                await blobs.Put(key, (_, _) => Task.CompletedTask, cancellation);
            }
        }
    }

    private async Task Ended(string path, CancellationToken cancellation)
    {
        while (true)
        {
            var document = await Send(HttpMethod.Get, $"{path}?waitSeconds=60", null, cancellation);
            switch (document.GetProperty("status").GetString())
            {
                case "succeeded":
                    return;
                case "queued" or "running":
                    continue;
                default:
                    throw new InvalidOperationException($"{path} did not succeed: {document}");
            }
        }
    }

    private async Task<JsonElement> Send(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await _client.SendAsync(request, cancellation);
        var document = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return response.IsSuccessStatusCode ? document : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {document}");
    }

    private static ByteArrayContent Bytes(byte[] body, string mediaType) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
}
