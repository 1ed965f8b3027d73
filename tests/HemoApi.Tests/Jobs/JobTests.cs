using System.Net;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Jobs;

public sealed class JobTests
{
    [Fact]
    public async Task A_failed_job_says_why_and_can_be_retried()
    {
        await using var service = await TestService.Start((_, _, _) => Task.FromResult<Outcome<StoredResult>>(
            new Fault(FaultCodes.SeriesNotCt, "Not CT.", "Send CT.")));
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var job = await service.AddStudy(tenant);
        service.Queue.Enqueue(job.Id, job.Priority);

        var ended = await client.JobEnded(job.Id);
        Assert.Equal("failed", ended.GetProperty("status").GetString());
        Assert.Equal("series.not_ct", ended.GetProperty("error").GetProperty("code").GetString());
        await CallerTests.Refused(await client.PostAsync($"/api/v1/jobs/{job.Id}/cancel", null), 409, "job.state");
        await CallerTests.Refused(await client.GetAsync($"/api/v1/studies/{job.StudyId}/results"), 409, "job.not_ready");

        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"/api/v1/jobs/{job.Id}/retry", null)).StatusCode);
        Assert.Equal(2, (await client.JobEnded(job.Id)).GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task A_running_job_stops_when_it_is_cancelled()
    {
        await using var service = await TestService.Start(async (_, _, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            throw new InvalidOperationException("unreachable");
        });
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var job = await service.AddStudy(tenant);
        service.Queue.Enqueue(job.Id, job.Priority);
        Assert.Equal("running", (await client.JobAfter(job.Id, "queued")).Status());

        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"/api/v1/jobs/{job.Id}/cancel", null)).StatusCode);
        Assert.Equal("cancelled", (await client.JobEnded(job.Id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Three_starts_without_an_end_dead_letter_a_job()
    {
        var folder = await WithUnfinished(starts: 3);
        await using var service = await TestService.Start(Never, folder.Path);
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead);
        var ended = await client.JobEnded(folder.Job);
        Assert.Equal("deadLettered", ended.GetProperty("status").GetString());
        Assert.Equal("job.dead_lettered", ended.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_job_that_its_process_left_running_is_queued_again_at_the_next_start()
    {
        var folder = await WithUnfinished(starts: 2);
        await using var service = await TestService.Start(
            (_, _, _) => Task.FromResult<Outcome<StoredResult>>(new Fault(FaultCodes.DicomNone, "None.", "Send some.")), folder.Path);
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead);
        Assert.Equal("dicom.none", (await client.JobEnded(folder.Job)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_deleted_study_leaves_nothing_and_answers_gone()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var job = await service.AddStudy(tenant);

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/v1/studies/{job.StudyId}")).StatusCode);
        Assert.Null(await service.Blobs.Open(BlobKeys.Upload(job.StudyId), default));
        await CallerTests.Refused(await client.GetAsync($"/api/v1/studies/{job.StudyId}"), 410, "gone");
        await CallerTests.Refused(await client.GetAsync($"/api/v1/jobs/{job.Id}"), 410, "gone");
        await using var db = service.Database.OpenAsSystem();
        Assert.Null(db.Studies.Single(s => s.Id == job.StudyId).PatientId);
    }

    private static Task<Outcome<StoredResult>> Never(Guid job, Action<PipelineProgress> progress, CancellationToken ct) =>
        throw new InvalidOperationException("this job must not run");

    private static async Task<(string Path, Guid Job)> WithUnfinished(int starts)
    {
        var service = await TestService.Start(Never);
        var (_, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant, j =>
        {
            j.Status = JobStatus.Running;
            j.StartsWithoutEnd = starts;
        });
        return (await service.Stop(), job.Id);
    }
}
