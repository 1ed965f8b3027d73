using System.IO.Compression;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Studies;

/// <summary>The same upload again: by its bytes, by its Idempotency-Key, at the same time, and more urgent.</summary>
public sealed class UploadRepeatTests(UploadTests.Fixture fixture) : IClassFixture<UploadTests.Fixture>
{
    private readonly UploadHost _host = fixture.Host;

    [Fact]
    public async Task The_same_bytes_again_are_the_same_study_and_job()
    {
        var zip = Study("again");
        var first = await _host.Accept(zip);
        var before = await _host.Remains();
        var second = await _host.Accept(zip);
        Assert.Equal(Ids(first), Ids(second));
        Assert.Equal((false, true), (IsRepeat(first), IsRepeat(second)));
        Assert.Equal(first.GetProperty("files").ToString(), second.GetProperty("files").ToString());
        Assert.Equal(before, await _host.Remains());
    }

    [Fact]
    public async Task Ten_at_once_of_the_same_bytes_are_one_study()
    {
        var zip = Study("ten");
        var before = TestStorage.Blobs(_host.DataFolder);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _host.Accept(zip)));
        Assert.Single(answers.Select(Ids).Distinct());
        Assert.Single(answers, a => !IsRepeat(a));
        var blob = Assert.Single(TestStorage.Blobs(_host.DataFolder).Except(before));
        using var sent = new ZipArchive(new MemoryStream(zip));
        using var kept = new ZipArchive(await _host.Services.GetRequiredService<IBlobStore>().OpenExisting(blob, default));
        Assert.Equal(sent.Entries.Count, kept.Entries.Count);
        var (study, job) = Ids(answers[0]);
        Assert.Equal(job, await _host.Read(db => db.Jobs.Where(j => j.StudyId == study).Select(j => j.Id).SingleAsync()));
    }

    [Fact]
    public async Task Ten_at_once_under_one_key_are_one_study_and_the_others_are_told_to_wait_or_get_its_answer()
    {
        var zip = Study("ten under one key");
        var before = await _host.Read(db => db.Studies.CountAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _host.Post(zip, idempotencyKey: "ten")));
        var accepted = answers.Where(a => a.StatusCode == HttpStatusCode.Accepted).ToArray();
        var documents = await Task.WhenAll(accepted.Select(UploadHost.ReadAccepted));
        Assert.Single(documents.Select(Ids).Distinct());
        foreach (var other in answers.Except(accepted))
        {
            await UploadHost.ReadProblem(other, 409, FaultCodes.IdempotencyInProgress);
        }

        Assert.Equal(before + 1, await _host.Read(db => db.Studies.CountAsync()));
    }

    [Fact]
    public async Task A_key_gives_its_first_answer_again_and_is_refused_for_another_body_or_other_options()
    {
        var zip = Study("key");
        var first = await _host.Accept(zip, idempotencyKey: "key");
        var second = await _host.Accept(zip, idempotencyKey: "key");
        Assert.Equal(Ids(first), Ids(second));
        Assert.Equal(first.GetProperty("files").ToString(), second.GetProperty("files").ToString());
        await _host.Refuse(() => _host.Post(Study("another"), idempotencyKey: "key"), 422, FaultCodes.IdempotencyMismatch);
        await _host.Refuse(() => _host.Post(zip, "?model=tiny", idempotencyKey: "key"), 422, FaultCodes.IdempotencyMismatch);
        Assert.Equal(Ids(first), Ids(await _host.Accept(zip, idempotencyKey: "key")));
    }

    [Fact]
    public async Task A_key_whose_first_request_is_still_coming_in_is_refused_until_it_is_answered()
    {
        var zip = Study("slow");
        var rest = new TaskCompletionSource();
        var slow = _host.Send(new TwoParts(zip, rest.Task), idempotencyKey: "slow");
        await UploadHost.Until(() => _host.Read(db => db.IdempotencyRecords.AnyAsync(r => r.Key == "slow")));
        using (var early = await _host.Post(zip, idempotencyKey: "slow"))
        {
            await UploadHost.ReadProblem(early, 409, FaultCodes.IdempotencyInProgress);
        }

        rest.SetResult();
        using var answer = await slow;
        var first = await UploadHost.ReadAccepted(answer);
        Assert.Equal(Ids(first), Ids(await _host.Accept(zip, idempotencyKey: "slow")));
    }

    [Fact]
    public async Task A_key_is_free_again_after_a_refusal()
    {
        await _host.Refuse(() => _host.Post("no zip"u8.ToArray(), idempotencyKey: "free"), 400, FaultCodes.ZipInvalid);
        Assert.False(IsRepeat(await _host.Accept(Study("corrected"), idempotencyKey: "free")));
    }

    [Fact]
    public async Task Refusals_at_the_same_time_under_one_key_are_each_named_by_their_cause()
    {
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _host.Post("no zip"u8.ToArray(), idempotencyKey: "refused together")));
            Assert.All(answers, a => Assert.Contains((int)a.StatusCode, (int[])[400, 409]));
        }

        Assert.False(await _host.Read(db => db.IdempotencyRecords.AnyAsync(r => r.Key == "refused together")));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day_and_no_sooner()
    {
        await _host.Accept(Study("today"), idempotencyKey: "day");
        await Age("day", TimeSpan.FromHours(23.9));
        await _host.Refuse(() => _host.Post(Study("tomorrow"), idempotencyKey: "day"), 422, FaultCodes.IdempotencyMismatch);
        await Age("day", TimeSpan.FromHours(24.1));
        Assert.False(IsRepeat(await _host.Accept(Study("tomorrow"), idempotencyKey: "day")));
    }

    [Fact]
    public async Task Keys_and_bytes_of_two_tenants_have_nothing_to_do_with_each_other()
    {
        var zip = Study("two tenants");
        using var other = _host.ClientOf(await _host.MakeKey("other", Scopes.StudiesRead, Scopes.StudiesWrite));
        var ours = await _host.Accept(zip, idempotencyKey: "shared");
        var theirs = await _host.Accept(zip, idempotencyKey: "shared", client: other);
        Assert.False(IsRepeat(theirs));
        Assert.NotEqual(Ids(ours), Ids(theirs));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("urgent")]
    public async Task A_stat_repeat_makes_a_waiting_routine_job_stat_and_a_routine_repeat_changes_nothing(string? key)
    {
        var zip = Study($"urgent {key}");
        await _host.Accept(Study("the job in front"));
        var waiting = await _host.Accept(Study($"waiting longer {key}"));
        var job = Ids(await _host.Accept(zip, idempotencyKey: key)).Job;
        Assert.True(await Position(job) > await Position(Ids(waiting).Job));

        var repeat = await _host.Accept(zip, "?priority=stat", key);
        Assert.Equal(job, Ids(repeat).Job);
        Assert.True(await Position(job) < await Position(Ids(waiting).Job));
        Assert.Equal(JobPriority.Stat, await PriorityOf(job));

        await _host.Accept(zip, idempotencyKey: key);
        await _host.Accept(zip, "?priority=routine", key);
        Assert.Equal(JobPriority.Stat, await PriorityOf(job));
    }

    [Fact]
    public async Task A_job_made_stat_by_a_repeat_runs_before_routine_jobs_that_came_earlier_and_only_once()
    {
        var started = new ConcurrentQueue<Guid>();
        using var front = new ManualResetEventSlim();
        await using var host = await UploadHost.Start((job, _, token) =>
        {
            started.Enqueue(job);
            front.Wait(token);
            return Task.FromResult<Outcome<StoredResult>>(new Fault(FaultCodes.DicomNone, "Measured nothing.", "None."));
        });
        var first = Ids(await host.Accept(Study("first"))).Job;
        await UploadHost.Until(() => Task.FromResult(!started.IsEmpty));
        var second = Ids(await host.Accept(Study("second"))).Job;
        var third = Ids(await host.Accept(Study("third"))).Job;
        await host.Accept(Study("third"), "?priority=stat");
        front.Set();
        await UploadHost.Until(() => host.Read(async db => !await db.Jobs.AnyAsync(j => j.FinishedAt == null)));
        Assert.Equal([first, third, second], started);
    }

    private Task<JobPriority> PriorityOf(Guid job) => _host.Read(db => db.Jobs.Where(j => j.Id == job).Select(j => j.Priority).SingleAsync());

    private async Task<int> Position(Guid job) =>
        (await _host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job}")).GetProperty("queuePosition").GetInt32();

    private Task<int> Age(string key, TimeSpan age) => _host.Read(db =>
        db.IdempotencyRecords.Where(r => r.Key == key).ExecuteUpdateAsync(set => set.SetProperty(r => r.CreatedAt, DateTimeOffset.UtcNow - age)));

    private static (Guid Study, Guid Job) Ids(JsonElement document) =>
        (document.GetProperty("studyId").GetGuid(), document.GetProperty("jobId").GetGuid());

    private static bool IsRepeat(JsonElement document) => document.GetProperty("deduplicated").GetBoolean();

    private static byte[] Study(string name) =>
        ZipIntakeForge.Zip(Enumerable.Range(0, 12).Select(i => new IntakeSlice(i) { Study = name }.ToEntry()));

    /// <summary>A body whose second half comes when the test says so.</summary>
    private sealed class TwoParts : HttpContent
    {
        private readonly byte[] _body;
        private readonly Task _rest;

        public TwoParts(byte[] body, Task rest)
        {
            (_body, _rest) = (body, rest);
            Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_body.AsMemory(0, _body.Length / 2));
            await stream.FlushAsync();
            await _rest;
            await stream.WriteAsync(_body.AsMemory(_body.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
