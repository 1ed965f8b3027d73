using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Studies;

/// <summary>The whole service on a real socket, with a folder of its own, a model of one convolution, and a caller of the tenant
/// <c>default</c>. Nothing runs jobs: uploads are what is tested.</summary>
public sealed class UploadHost : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"hemoapi-upload-{Guid.NewGuid():n}");
    private readonly WebApplication _app;

    private UploadHost(string[] settings)
    {
        var models = Directory.CreateDirectory(Path.Combine(_folder, "models")).FullName;
        var network = TinyNetwork.IchFrom(50);
        File.WriteAllBytes(Path.Combine(models, "tiny.onnx"), network);
        File.WriteAllText(Path.Combine(models, "tiny.json"), JsonSerializer.Serialize(TinyNetwork.Manifest(network), ModelManifest.JsonOptions));
        _app = Program.Build(
        [
            $"--Storage:DataFolder={DataFolder}",
            $"--Models:Folders:0={models}",
            "--Models:Provider=cpu",
            "--Logging:LogLevel:Default=Critical",
            "--urls=http://127.0.0.1:0",
            .. settings,
        ]);
    }

    public string DataFolder => Path.Combine(_folder, "data");

    public IServiceProvider Services => _app.Services;

    public Uri Address { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public string Key { get; private set; } = "";

    public static async Task<UploadHost> Start(params string[] settings)
    {
        var host = new UploadHost(settings);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Address = new Uri(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        host.Key = await host.MakeKey(FirstStart.DefaultTenant, Scopes.StudiesRead, Scopes.StudiesWrite);
        host.Client = host.ClientOf(host.Key);
        return host;
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

    /// <summary>Every file of the data folder but the database's own, and the rows that an upload makes.</summary>
    public async Task<string[]> Remains()
    {
        await using var db = Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        var token = TestContext.Current.CancellationToken;
        return
        [
            .. Directory.EnumerateFiles(DataFolder, "*", SearchOption.AllDirectories)
                .Where(f => !Path.GetFileName(f).StartsWith("hemoapi.db", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            $"{await db.Studies.CountAsync(token)} studies, {await db.Jobs.CountAsync(token)} jobs, {await db.IdempotencyRecords.CountAsync(token)} keys",
        ];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
