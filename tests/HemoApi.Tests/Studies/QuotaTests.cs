using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Studies;

/// <summary>How much a tenant and all of them may send, and what they are told who send more.</summary>
public sealed class QuotaTests
{
    [Fact]
    public async Task Studies_of_an_hour_are_counted_stat_ones_may_go_further_and_the_time_to_wait_is_that_of_the_oldest()
    {
        await using var host = await UploadHost.Start("--Quotas:StudiesPerHour=2", "--Quotas:StatHeadroom=0.5");
        var first = (await host.Accept(Study("1"))).GetProperty("studyId").GetGuid();
        await host.Accept(Study("2"));

        Assert.InRange(await RetryAfter(host, () => host.Post(Study("3"))), 3500, 3600);
        await host.Accept(Study("3"), "?priority=stat");
        await host.Refuse(() => host.Post(Study("4"), "?priority=stat"), 429, FaultCodes.QuotaExceeded);

        await Age(host, first, TimeSpan.FromMinutes(50));
        Assert.InRange(await RetryAfter(host, () => host.Post(Study("4"), "?priority=stat")), 500, 600);
        await Age(host, first, TimeSpan.FromMinutes(61));
        await host.Accept(Study("4"), "?priority=stat");
    }

    [Fact]
    public async Task Uploads_at_the_same_time_cannot_share_the_last_bytes_and_a_deleted_study_gives_its_own_back()
    {
        var zips = Enumerable.Range(0, 8).Select(i => Study($"bytes {i}")).ToArray();
        var limit = (long)(2.5 * zips.Max(z => z.Length));
        await using var host = await UploadHost.Start($"--Quotas:StoredBytes={limit}");

        var answers = await Task.WhenAll(zips.Select(zip => host.Post(zip)));
        var accepted = answers.Select((answer, i) => (answer, i)).Where(a => a.answer.StatusCode == HttpStatusCode.Accepted).ToArray();
        Assert.Equal(2, accepted.Length);
        Assert.All(answers.Except(accepted.Select(a => a.answer)), a => Assert.Equal(429, (int)a.StatusCode));
        Assert.Equal(accepted.Sum(a => (long)zips[a.i].Length), await StoredBytes(host));
        Assert.Equal(2, TestStorage.Blobs(host.DataFolder).Length);

        var study = (await UploadHost.ReadAccepted(accepted[0].answer)).GetProperty("studyId").GetGuid();
        var other = zips.Where((_, i) => accepted.All(a => a.i != i)).First();
        await host.Refuse(() => host.Post(other), 429, FaultCodes.QuotaExceeded);
        using var deleted = await host.Client.DeleteAsync($"/api/v1/studies/{study}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await host.Accept(other);
        Assert.Equal(zips[accepted[1].i].Length + other.Length, await StoredBytes(host));
    }

    [Fact]
    public async Task Jobs_that_wait_are_counted_for_each_tenant_and_a_full_routine_queue_still_takes_stat_studies()
    {
        await using var host = await UploadHost.Start("--Quotas:WaitingJobs=2", "--Quotas:StatHeadroom=0.5");
        await host.Accept(Study("runs"));
        await UploadHost.Until(() => host.Read(db => db.Jobs.AnyAsync(j => j.Status == JobStatus.Running)));
        await host.Accept(Study("waits"));
        var last = (await host.Accept(Study("waits too"))).GetProperty("jobId").GetGuid();

        Assert.InRange(await RetryAfter(host, () => host.Post(Study("one more"))), 1, 3600);
        await host.Accept(Study("urgent"), "?priority=stat");
        await host.Refuse(() => host.Post(Study("urgent too"), "?priority=stat"), 429, FaultCodes.QuotaExceeded);
        using var other = host.ClientOf(await host.MakeKey("other", Scopes.StudiesRead, Scopes.StudiesWrite));
        await host.Accept(Study("of another tenant"), client: other);

        foreach (var job in (Guid[])[last, await Waiting(host)])
        {
            using var cancelled = await host.Client.PostAsync($"/api/v1/jobs/{job}/cancel", null);
            Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        }

        await host.Accept(Study("one more"));
    }

    [Fact]
    public async Task The_queue_of_all_tenants_has_an_end_too()
    {
        await using var host = await UploadHost.Start("--Quotas:QueueLength=2", "--Quotas:StatHeadroom=0.5");
        using var other = host.ClientOf(await host.MakeKey("other", Scopes.StudiesRead, Scopes.StudiesWrite));
        await host.Accept(Study("runs"));
        await UploadHost.Until(() => host.Read(db => db.Jobs.AnyAsync(j => j.Status == JobStatus.Running)));
        await host.Accept(Study("waits"));
        await host.Accept(Study("waits too"));

        await host.Refuse(() => host.Post(Study("of another tenant"), client: other), 503, FaultCodes.QueueFull);
        await host.Accept(Study("of another tenant"), "?priority=stat", client: other);
        await host.Refuse(() => host.Post(Study("urgent too"), "?priority=stat", client: other), 503, FaultCodes.QueueFull);
    }

    [Fact]
    public async Task A_repeat_of_an_accepted_study_under_its_key_and_a_dry_run_are_never_refused()
    {
        await using var host = await UploadHost.Start("--Quotas:StudiesPerHour=1");
        var first = await host.Accept(Study("first"), idempotencyKey: "key");
        await host.Refuse(() => host.Post(Study("second"), idempotencyKey: "key-2"), 429, FaultCodes.QuotaExceeded);

        var again = await host.Accept(Study("first"), idempotencyKey: "key");
        Assert.Equal(first.GetProperty("jobId").GetGuid(), again.GetProperty("jobId").GetGuid());
        using var dry = await host.Post(Study("second"), "?dryRun=true");
        Assert.Equal(HttpStatusCode.OK, dry.StatusCode);
    }

    [Fact]
    public async Task An_upload_without_room_is_refused_before_its_body_is_asked_for()
    {
        await using var host = await UploadHost.Start("--Quotas:StoredBytes=1000000");
        using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
        {
            BaseAddress = host.Address,
            DefaultRequestHeaders = { { "X-Api-Key", host.Key }, { "Expect", "100-continue" } },
        };
        using var body = new NeverRead(2_000_000);
        using var answer = await patient.PostAsync("/api/v1/studies", body);
        await UploadHost.ReadProblem(answer, 429, FaultCodes.QuotaExceeded);
        Assert.False(body.WasAskedFor);
    }

    [Fact]
    public async Task A_tenant_can_have_limits_of_its_own()
    {
        await using var host = await UploadHost.Start("--Quotas:StudiesPerHour=1", "--Quotas:Tenants:large:StudiesPerHour=2", "--Quotas:Tenants:none:StudiesPerHour=0");
        using var large = host.ClientOf(await host.MakeKey("large", Scopes.StudiesWrite));
        using var none = host.ClientOf(await host.MakeKey("none", Scopes.StudiesWrite));
        await host.Accept(Study("1"));
        await host.Accept(Study("1"), client: large);
        await host.Accept(Study("2"), client: large);

        await host.Refuse(() => host.Post(Study("2")), 429, FaultCodes.QuotaExceeded);
        await host.Refuse(() => host.Post(Study("3"), client: large), 429, FaultCodes.QuotaExceeded);
        await host.Refuse(() => host.Post(Study("1"), client: none), 429, FaultCodes.QuotaExceeded);
    }

    [Theory]
    [InlineData("--Quotas:StudiesPerHour=0")]
    [InlineData("--Quotas:StatHeadroom=-1")]
    [InlineData("--Quotas:Tenants:a:WaitingJobs=-1")]
    public async Task Limits_that_make_no_sense_keep_the_service_from_starting(string setting) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => UploadHost.Start(setting));

    [Fact]
    public async Task Refusals_are_counted_by_their_code()
    {
        await using var host = await UploadHost.Start("--Quotas:StudiesPerHour=1");
        using var admin = host.ClientOf(await host.MakeKey(FirstStart.DefaultTenant, Scopes.Admin));
        await host.Accept(Study("first"));
        await host.Refuse(() => host.Post(Study("second")), 429, FaultCodes.QuotaExceeded);
        Assert.Matches("(?m)^hemoapi_refusals_total\\{.*code=\"quota\\.exceeded\".*\\} [1-9]", await admin.GetStringAsync("/metrics"));
    }

    private static async Task<int> RetryAfter(UploadHost host, Func<Task<HttpResponseMessage>> send)
    {
        var seconds = 0;
        await host.Refuse(
            async () =>
            {
                var answer = await send();
                seconds = (int)answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
                return answer;
            },
            429,
            FaultCodes.QuotaExceeded);
        return seconds;
    }

    private static Task<int> Age(UploadHost host, Guid study, TimeSpan age) => host.Read(db => db.Studies
        .Where(s => s.Id == study).ExecuteUpdateAsync(set => set.SetProperty(s => s.CreatedAt, DateTimeOffset.UtcNow - age)));

    private static Task<Guid> Waiting(UploadHost host) => host.Read(db =>
        db.Jobs.Where(j => j.Status == JobStatus.Queued && j.Priority == JobPriority.Routine).Where(j => j.TenantId == db.Tenants.First(t => t.Name == FirstStart.DefaultTenant).Id).OrderBy(j => j.QueuedAt).Select(j => j.Id).FirstAsync());

    private static Task<long> StoredBytes(UploadHost host) => host.Read(db =>
        db.Tenants.Where(t => t.Name == FirstStart.DefaultTenant).Select(t => t.StoredBytes).SingleAsync());

    private static byte[] Study(string name) => ZipIntakeForge.Zip(Enumerable.Range(0, 12).Select(i => new IntakeSlice(i) { Study = name }.ToEntry()));

    /// <summary>A body that says how long it is and notices when someone wants it.</summary>
    private sealed class NeverRead : HttpContent
    {
        private readonly long _length;

        public NeverRead(long length)
        {
            _length = length;
            Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        }

        public bool WasAskedFor { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasAskedFor = true;
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }
}
