using System.Net;
using System.Net.Http.Headers;
using HemoApi.Hosting;
using HemoApi.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.Studies;

public sealed class BlobOutageTests
{
    [Fact]
    public async Task While_the_blob_store_is_away_uploads_are_refused_before_their_body_and_taken_again_when_it_is_back()
    {
        var (started, blobs) = await SwitchedBlobStore.Start((_, _, _) => throw new InvalidOperationException("no work"));
        await using var service = started;
        var (client, key, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        blobs.IsAway = true;
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
