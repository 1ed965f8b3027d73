using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Studies;

/// <summary>The whole service on a real socket, with a folder of its own, a model of one convolution, and a caller of the tenant
/// <c>default</c>. The first job runs until the host ends and the others wait behind it, unless a test asks for real jobs.</summary>
public sealed class UploadHost : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string[] _settings;
    private readonly SegmentStudy? _work;
    private readonly WebApplication _app;
    private bool _isStopped;

    private UploadHost(string folder, SegmentStudy? work, string[] settings)
    {
        (_folder, _work, _settings) = (folder, work, settings);
        var models = TestModel.Write(folder, TestModel.Fast());
        _app = Program.Build(
            [
                $"--Models:Folders:0={models}",
                "--Models:Provider=cpu",
                "--FirstStart:SampleStudy=false",
                "--FailedLogins:PerAddress=10000",
                "--FailedLogins:PerKey=10000",
                "--Logging:LogLevel:Default=Critical",
                "--urls=http://127.0.0.1:0",
                .. TestStorage.Settings(DataFolder),
                .. settings,
            ],
            builder =>
            {
                if (work is not null)
                {
                    builder.Services.AddSingleton(work);
                }
            });
    }

    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Method and pattern of every route of the API.</summary>
    public IEnumerable<(HttpMethod Method, string Pattern)> Routes =>
        from endpoint in ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select (HttpMethod.Parse(method), endpoint.RoutePattern.RawText);

    public IServiceProvider Services => _app.Services;

    public Uri Address { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public string Key { get; private set; } = "";

    public static Task<UploadHost> Start(params string[] settings) => Start(Wait, settings);

    /// <param name="work">What a job does; null is the real segmentation.</param>
    public static Task<UploadHost> Start(SegmentStudy? work, params string[] settings) => Start(NewFolder(), work, settings);

    /// <summary>Ends this host and starts another one on its data.</summary>
    public async Task<UploadHost> Restart()
    {
        await Stop();
        return await Start(_folder, _work, _settings);
    }

    public HttpClient ClientOf(string key) => new() { BaseAddress = Address, DefaultRequestHeaders = { { "X-Api-Key", key } } };

    /// <summary>A key of the tenant, which is made if it is not there.</summary>
    public async Task<string> MakeKey(string tenant, params string[] scopes)
    {
        await using var db = Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        var owner = await db.Tenants.SingleOrDefaultAsync(t => t.Name == tenant, TestContext.Current.CancellationToken);
        owner ??= db.Add(new Tenant { Name = tenant, CreatedAt = DateTimeOffset.UtcNow }).Entity;
        var (key, row) = ApiKeys.Create(owner.Id, scopes, DateTimeOffset.UtcNow);
        db.Add(row);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return key;
    }

    public Task<HttpResponseMessage> Post(byte[] zip, string query = "", string? idempotencyKey = null, HttpClient? client = null)
    {
        var content = new ByteArrayContent(zip);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return Send(content, query, idempotencyKey, client);
    }

    public async Task<HttpResponseMessage> Send(HttpContent? content, string query = "", string? idempotencyKey = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/studies{query}") { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return await (client ?? Client).SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Uploads what must be accepted; the answer's document.</summary>
    public async Task<JsonElement> Accept(byte[] zip, string query = "", string? idempotencyKey = null, HttpClient? client = null)
    {
        using var answer = await Post(zip, query, idempotencyKey, client);
        return await ReadAccepted(answer);
    }

    public static async Task<JsonElement> ReadAccepted(HttpResponseMessage answer)
    {
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, document.ToString());
        Assert.Equal($"/api/v1/jobs/{document.GetProperty("jobId").GetGuid()}", answer.Headers.Location?.OriginalString);
        return document;
    }

    /// <summary>Sends what must be refused and proves that nothing of it stays.</summary>
    public async Task<JsonElement> Refuse(Func<Task<HttpResponseMessage>> send, int status, string code)
    {
        var before = await Remains();
        using var answer = await send();
        var problem = await ReadProblem(answer, status, code);
        Assert.Equal(before, await Remains());
        return problem;
    }

    public static async Task<JsonElement> ReadProblem(HttpResponseMessage answer, int status, string code)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal((status, code), ((int)answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("remedy").GetString()!);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        return problem;
    }

    /// <summary>Every blob, every file of the data folder but the database's own, and the rows that an upload makes.</summary>
    public async Task<string[]> Remains()
    {
        await using var db = Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        var token = TestContext.Current.CancellationToken;
        return
        [
            .. Directory.EnumerateFiles(DataFolder, "*", SearchOption.AllDirectories)
                .Where(f => !Path.GetFileName(f).StartsWith("hemoapi.db", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            .. TestStorage.Blobs(DataFolder),
            $"{await db.Studies.CountAsync(token)} studies, {await db.Jobs.CountAsync(token)} jobs, {await db.IdempotencyRecords.CountAsync(token)} keys",
        ];
    }

    public async Task<T> Read<T>(Func<HemoDbContext, Task<T>> query)
    {
        await using var db = Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        return await query(db);
    }

    /// <summary>Waits for what happens behind the answer.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "it did not happen within 60 s");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
        {
            await Stop();
            TestStorage.Drop(DataFolder);
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string NewFolder() => Path.Combine(Path.GetTempPath(), $"hemoapi-upload-{Guid.NewGuid():n}");

    private static async Task<Outcome<StoredResult>> Wait(Guid job, Action<PipelineProgress> progress, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("an endless wait has ended");
    }

    private static async Task<UploadHost> Start(string folder, SegmentStudy? work, string[] settings)
    {
        var host = new UploadHost(folder, work, settings);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Address = new Uri(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        host.Key = await host.MakeKey(FirstStart.DefaultTenant, Scopes.StudiesRead, Scopes.StudiesWrite);
        host.Client = host.ClientOf(host.Key);
        return host;
    }

    private async Task Stop()
    {
        _isStopped = true;
        Client.Dispose();
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }
}
