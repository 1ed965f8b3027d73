using System.Net;
using System.Net.Http.Headers;
using Azure;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Studies;

public sealed class BlobOutageTests
{
    [Fact]
    public async Task While_the_blob_store_is_away_uploads_are_refused_before_their_body_and_taken_again_when_it_is_back()
    {
        Switch? blobs = null;
        await using var service = await TestService.Start(
            (_, _, _) => throw new InvalidOperationException("no work"),
            adjust: builder =>
            {
                var real = builder.Services.Last(s => s.ServiceType == typeof(IBlobStore)).ImplementationType!;
                builder.Services.AddSingleton<IBlobStore>(services => blobs = new Switch((IBlobStore)ActivatorUtilities.CreateInstance(services, real)));
            });
        var (client, key, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        blobs!.IsAway = true;
        await CallerTests.Refused(await client.PostZip(new HeadStudy().Zip()), 503, "dependency.unavailable");

        using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
        {
            BaseAddress = client.BaseAddress,
            DefaultRequestHeaders = { { ApiKeyAuthentication.Header, key }, { "Expect", "100-continue" } },
        };
        using var body = new NeverRead();
        using var answer = await patient.PostAsync("/api/v1/studies", body);
        await CallerTests.Refused(answer, 503, "dependency.unavailable");
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.False(body.WasAskedFor);

        blobs.IsAway = false;
        await client.Upload(new HeadStudy().Zip());
        await using var db = service.Database.OpenAsSystem();
        Assert.Equal(1, await db.Studies.CountAsync());
    }

    private sealed class Switch(IBlobStore real) : IBlobStore
    {
        public bool IsAway { get; set; }

        public Task Prepare(CancellationToken cancellationToken) => real.Prepare(cancellationToken);

        public Task Put(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => Reach().Put(key, write, cancellationToken);

        public Task PutFile(string key, string file, CancellationToken cancellationToken) => Reach().PutFile(key, file, cancellationToken);

        public Task<Stream?> Open(string key, CancellationToken cancellationToken) => Reach().Open(key, cancellationToken);

        public Task DeletePrefix(string prefix, CancellationToken cancellationToken) => real.DeletePrefix(prefix, cancellationToken);

        public IAsyncEnumerable<StoredBlob> List(string prefix, CancellationToken cancellationToken) => Reach().List(prefix, cancellationToken);

        public Task<bool> Exists(string key, CancellationToken cancellationToken) => Reach().Exists(key, cancellationToken);

        public Task Delete(string key, CancellationToken cancellationToken) => real.Delete(key, cancellationToken);

        public Task Probe(CancellationToken cancellationToken) => Reach().Probe(cancellationToken);

        private IBlobStore Reach() => IsAway ? throw new RequestFailedException(503, "away") : real;
    }

    private sealed class NeverRead : HttpContent
    {
        public NeverRead() => Headers.ContentType = new MediaTypeHeaderValue("application/zip");

        public bool WasAskedFor { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasAskedFor = true;
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length) => (length = 1_000_000) > 0;
    }
}
