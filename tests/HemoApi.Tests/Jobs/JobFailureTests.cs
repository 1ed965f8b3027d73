using Azure;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace HemoApi.Tests.Jobs;

/// <summary>A failing job says why by its code, whatever went wrong.</summary>
public sealed class JobFailureTests
{
    public static TheoryData<Exception, string> Surprises => new()
    {
        { new InvalidOperationException("secret"), FaultCodes.Internal },
        { new OutOfMemoryException("secret"), FaultCodes.InferenceOutOfMemory },
        { new IOException("secret"), FaultCodes.Internal },
        { new OperationCanceledException("secret"), FaultCodes.Internal },
    };

    [Theory]
    [MemberData(nameof(Surprises))]
    public async Task A_surprise_fails_the_job_by_code_and_keeps_its_message_to_itself(Exception surprise, string code)
    {
        await using var service = await TestService.Start((_, _, _) => throw surprise);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        service.Queue.Enqueue(job.Id, job.Priority);

        var failed = await client.JobEnded(job.Id);
        Assert.Equal("failed", failed.Status());
        Assert.Equal(code, failed.GetProperty("error").GetProperty("code").GetString());
        Assert.NotEmpty(failed.GetProperty("error").GetProperty("remedy").GetString()!);
        Assert.True(failed.TryGetProperty("finishedAt", out _));
        Assert.DoesNotContain("secret", failed.ToString());
        Assert.DoesNotContain("Exception", failed.ToString());
    }

    [Fact]
    public async Task A_job_over_its_time_fails_with_the_limit()
    {
        using var work = new GatedWork();
        await using var service = await TestService.Start(work.Run, settings: ["--Jobs:Timeout=00:00:01"]);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        service.Queue.Enqueue(job.Id, job.Priority);

        var error = (await client.JobEnded(job.Id)).GetProperty("error");
        Assert.Equal(FaultCodes.JobTimeout, error.GetProperty("code").GetString());
        Assert.Contains("1 s", error.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_job_whose_upload_says_nothing_useful_has_no_results()
    {
        using var work = new GatedWork();
        work.Release();
        await using var service = await TestService.Start(work.Run);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        service.Queue.Enqueue(job.Id, job.Priority);
        await client.JobEnded(job.Id);

        using var answer = await client.GetAsync($"/api/v1/studies/{job.StudyId}/results");
        Assert.Contains($"/api/v1/jobs/{job.Id}/retry", await answer.Content.ReadAsStringAsync());
        await CallerTests.Refused(answer, 409, FaultCodes.JobNotReady);
    }

    public static TheoryData<Exception> Passing =>
    [
        new AggregateException(new RequestFailedException(503, "away")),
        new AggregateException(new RequestFailedException(0, "away")),
        new IOException("full", 28),
        new InvalidOperationException("saving failed", new SqliteException("full", 13)),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_job_whose_blobs_are_away_or_whose_disk_is_full_waits_and_runs_again_without_counting_a_death(Exception passing)
    {
        var runs = 0;
        await using var service = await TestService.Start(
            (_, _, _) => Interlocked.Increment(ref runs) < 5
                ? throw passing
                : Task.FromResult<Outcome<StoredResult>>(new Fault(FaultCodes.SeriesNotCt, "It ran.", "None.")),
            settings: ["--Jobs:WatchInterval=00:00:00.2"]);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        service.Queue.Enqueue(job.Id, job.Priority);

        var ended = await client.JobEnded(job.Id);
        Assert.Equal((FaultCodes.SeriesNotCt, 5), (ended.GetProperty("error").GetProperty("code").GetString(), ended.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task An_ending_process_gives_its_job_back_and_the_next_one_takes_it_without_counting_a_death()
    {
        using var work = new GatedWork();
        var first = await TestService.Start(work.Run);
        var (client, _, tenant) = await first.Client("a", Scopes.StudiesRead);
        var job = await first.AddStudy(tenant);
        first.Queue.Enqueue(job.Id, job.Priority);
        await client.JobAfter(job.Id, "queued");
        var folder = await first.Stop();

        work.Release();
        await using var second = await TestService.Start(work.Run, folder);
        var (again, _, _) = await second.Client("a", Scopes.StudiesRead);
        Assert.Equal(2, (await again.JobEnded(job.Id)).GetProperty("attempts").GetInt32());
        await using var db = second.Database.OpenAsSystem();
        Assert.Equal(0, db.Jobs.Single(j => j.Id == job.Id).StartsWithoutEnd);
    }

    [Theory]
    [InlineData(3, false, "deadLettered")]
    [InlineData(1, true, "cancelled")]
    public async Task What_interrupted_jobs_had_written_is_removed_even_where_they_do_not_run_again(int starts, bool cancelRequested, string status)
    {
        using var work = new GatedWork();
        var first = await TestService.Start(work.Run);
        var (_, _, tenant) = await first.Client("a", Scopes.StudiesRead);
        var job = await first.AddStudy(tenant, j => (j.Status, j.StartsWithoutEnd, j.CancelRequested) = (JobStatus.Running, starts, cancelRequested));
        await using (var db = first.Database.OpenAsSystem())
        {
            db.Results.Add(new StudyResult { JobId = job.Id, TenantId = tenant.Id, StudyId = job.StudyId, Status = ResultStatus.Pending });
            await db.SaveChangesAsync();
        }

        await first.Blobs.Put(BlobKeys.Image(job.Id), (stream, ct) => stream.WriteAsync(new byte[1], ct).AsTask(), default);
        await using var second = await TestService.Start(work.Run, await first.Stop());
        var (client, _, _) = await second.Client("a", Scopes.StudiesRead);
        Assert.Equal(status, (await client.JobEnded(job.Id)).Status());
        Assert.Null(await second.Blobs.Open(BlobKeys.Image(job.Id), default));
        Assert.Empty(work.Started);
    }
}
