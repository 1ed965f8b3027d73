using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hangfire;
using Hangfire.States;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Studies;

/// <summary>Uploads that do not come to their end: the caller hangs up, or the process dies.</summary>
public sealed class UploadInterruptionTests(UploadTests.Fixture fixture) : IClassFixture<UploadTests.Fixture>
{
    [Theory]
    [InlineData("Content-Length: 100000", true)]
    [InlineData("Content-Length: 100000", false)]
    [InlineData("Transfer-Encoding: chunked", true)]
    [InlineData("Transfer-Encoding: chunked", false)]
    public async Task A_caller_that_hangs_up_in_mid_upload_leaves_nothing(string framing, bool resets)
    {
        var host = fixture.Host;
        var before = await host.Remains();
        using (var caller = await HalfAnUpload(host.Address, host.Key, framing))
        {
            await UploadHost.Until(() => Task.FromResult(Incoming(host).Any(f => new FileInfo(f).Length > 0)));
            Assert.NotEqual(before, await host.Remains());
            caller.LingerState = new LingerOption(resets, 0);
        }

        await UploadHost.Until(async () => (await host.Remains()).SequenceEqual(before));
        await host.Accept(Study($"after {framing} {resets}"), idempotencyKey: "cut");
        await host.Read(db => db.IdempotencyRecords.ExecuteDeleteAsync());
    }

    [Fact]
    public async Task A_body_that_stalls_is_given_up_and_leaves_nothing()
    {
        await using var host = await UploadHost.Start("--Intake:SlowBodyGraceSeconds=2");
        var before = await host.Remains();
        using var caller = await HalfAnUpload(host.Address, host.Key, "Content-Length: 100000");
        var answer = new byte[4096];
        var read = await caller.ReceiveAsync(answer).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("upload.truncated", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
        await UploadHost.Until(async () => (await host.Remains()).SequenceEqual(before));
    }

    [Fact]
    public async Task The_next_start_sweeps_what_a_crash_left_of_uploads_and_nothing_of_what_was_accepted()
    {
        await using var first = await UploadHost.Start();
        var accepted = await first.Accept(Study("accepted"), idempotencyKey: "accepted");
        var deleted = await first.Accept(Study("deleted"));
        using (await first.Client.DeleteAsync(deleted.GetProperty("links").GetProperty("study").GetString()))
        {
        }

        var before = await first.Remains();
        var crashed = Study("crashed");
        await DieBetweenBlobAndRow(first, crashed);
        Assert.NotEqual(before, await first.Remains());

        await using var second = await first.Restart();
        Assert.Equal(before, await second.Remains());
        await StillThere(second, accepted);
        Assert.False((await second.Accept(crashed, idempotencyKey: "crashed")).GetProperty("deduplicated").GetBoolean());
        await using var third = await second.Restart();
        await StillThere(third, accepted);
    }

    [Fact]
    public async Task A_queue_that_fails_neither_refuses_nor_loses_a_study_its_job_runs_once_the_queue_is_back()
    {
        var fails = true;
        await using var service = await TestService.Start(
            (_, _, _) => Task.FromResult<Outcome<StoredResult>>(new Fault(FaultCodes.DicomNone, "It ran.", "None.")),
            settings: ["--Jobs:WatchInterval=00:00:00.2"],
            adjust: builder => builder.Services.AddSingleton<IBackgroundJobClient>(services => new UnreliableClient(services, () => fails)));
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (_, job) = await client.Upload(Study("queue"));
        Assert.Equal("queued", (await client.Job(job, waitSeconds: 1)).Status());
        fails = false;
        Assert.Equal(1, (await client.JobEnded(job)).GetProperty("attempts").GetInt32());
    }

    /// <summary>Hangfire's client, whose storage is out of reach now and then.</summary>
    private sealed class UnreliableClient(IServiceProvider services, Func<bool> fails) : IBackgroundJobClient
    {
        private readonly BackgroundJobClient _client = new(services.GetRequiredService<JobStorage>());

        public string Create(Hangfire.Common.Job job, IState state) =>
            fails() ? throw new BackgroundJobClientException("out of reach", new TimeoutException()) : _client.Create(job, state);

        public bool ChangeState(string jobId, IState state, string expectedState) => _client.ChangeState(jobId, state, expectedState);
    }

    private static async Task StillThere(UploadHost host, JsonElement accepted)
    {
        var id = accepted.GetProperty("studyId").GetGuid();
        await using (var blob = await host.Services.GetRequiredService<IBlobStore>().Open(BlobKeys.Upload(id), default))
        {
            Assert.NotNull(blob);
        }

        var job = await host.Client.GetFromJsonAsync<JsonElement>(accepted.GetProperty("links").GetProperty("job").GetString());
        Assert.Contains(job.GetProperty("status").GetString(), (string[])["queued", "running"]);
        await UploadHost.Until(() => host.Read(db => db.Jobs.AnyAsync(j => j.Status == JobStatus.Running)));
    }

    /// <summary>Where processes share the database, what is young may be an upload that another one is taking.</summary>
    private static DateTimeOffset LongAgo => DateTimeOffset.UtcNow - UploadStudySweep.LongestSilence - TimeSpan.FromMinutes(1);

    /// <summary>Everything that an upload has written at the moment before its row becomes stored.</summary>
    private static async Task DieBetweenBlobAndRow(UploadHost host, byte[] zip)
    {
        var incoming = Path.Combine(host.DataFolder, "incoming", $"{Guid.NewGuid():n}.zip");
        await File.WriteAllBytesAsync(incoming, zip);
        File.SetLastWriteTimeUtc(incoming, LongAgo.UtcDateTime);
        await using var db = host.Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        var tenant = await db.Tenants.SingleAsync(t => t.Name == FirstStart.DefaultTenant);
        var options = UploadStudyOptions.Of(null, null, null, null, null, null, null).Value;
        var study = new Study
        {
            TenantId = tenant.Id,
            Fingerprint = UploadStudyStore.Fingerprint(Convert.ToHexStringLower(SHA256.HashData(zip)), options),
            Status = StudyStatus.Pending,
            UploadBytes = zip.Length,
            StudyInstanceUid = "1.2.3",
            PatientId = "P1",
            StudyDateTime = null,
            Files = [],
            Series = [],
            UsedEntries = [],
            CreatedAt = LongAgo,
        };
        db.Add(study);
        db.Add(new IdempotencyRecord { TenantId = tenant.Id, Key = "crashed", CreatedAt = LongAgo });
        await db.SaveChangesAsync();
        await host.Services.GetRequiredService<IBlobStore>().Put(
            BlobKeys.Upload(study.Id), (stream, token) => stream.WriteAsync(zip, token).AsTask(), TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Incoming(UploadHost host) =>
        Path.Combine(host.DataFolder, "incoming") is var folder && Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];

    /// <summary>Sends the head of a request and a part of its body, and holds the connection.</summary>
    private static async Task<Socket> HalfAnUpload(Uri address, string key, string framing)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/studies HTTP/1.1\r\nHost: {address.Authority}\r\nX-Api-Key: {key}\r\nIdempotency-Key: cut\r\nContent-Type: application/zip\r\n{framing}\r\n\r\n"));
        var part = ZipIntakeForge.Zip(IntakeSlice.Stack(8))[..4096];
        await socket.SendAsync(framing.EndsWith("chunked", StringComparison.Ordinal) ? [.. "1000\r\n"u8, .. part, .. "\r\n"u8] : part);
        return socket;
    }

    private static byte[] Study(string name) =>
        ZipIntakeForge.Zip(Enumerable.Range(0, 8).Select(i => new IntakeSlice(i) { Study = name }.ToEntry()));
}
