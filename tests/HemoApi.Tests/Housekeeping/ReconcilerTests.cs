using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Commands;
using HemoApi.Hosting;
using HemoApi.Housekeeping;
using HemoApi.Storage;
using HemoApi.Tests.Audit;
using HemoApi.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Housekeeping;

public sealed class ReconcilerTests
{
    /// <summary>Everything is old enough, and the run at the start touches nothing.</summary>
    private static readonly string[] Settings = ["--Reconciler:Grace=00:00:00", "--Reconciler:Fix=false"];

    [Fact]
    public async Task Files_that_no_row_knows_are_found_said_and_removed_and_nothing_of_a_study_is()
    {
        await using var service = await TestService.Start(settings: Settings);
        var (client, _, tenant) = await service.Client("a", [.. Scopes.All]);
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());
        var waiting = await service.AddStudy(tenant);
        var failed = await service.AddStudy(tenant, j => j.Status = JobStatus.Failed);
        await Plant(service, BlobKeys.Mask(failed.Id));
        var sound = TestStorage.Blobs(service.Folder);

        string[] orphans =
        [
            BlobKeys.Upload(Guid.NewGuid()), BlobKeys.Mask(Guid.NewGuid()), BlobKeys.EvaluationFile(Guid.NewGuid(), "results.json"), BlobKeys.EvaluationFile(Guid.NewGuid(), "plots/dice.svg"),
            BlobKeys.ReferenceMask(study, Guid.NewGuid()), $"studies/{study}/upload.zip.{Guid.NewGuid():n}.partial", $"health/{Guid.NewGuid():n}",
        ];
        string[] strangers = ["backup/2026/everything.tar", "studies/readme/notes.txt", "lost"];
        foreach (var key in orphans.Concat(strangers))
        {
            await Plant(service, key);
        }

        Assert.Equal(
            orphans.Select(o => (OrphanKinds.Blob, o, false)).Concat(strangers.Select(s => (OrphanKinds.UnknownBlob, s, false))).Order(),
            (await Find(service, fix: false)).Select(o => (o.Kind, o.Id, o.Fixed)).Order());
        Assert.Equal(sound.Length + orphans.Length + strangers.Length, TestStorage.Blobs(service.Folder).Length);

        var output = new StringWriter();
        Assert.Equal(1, await ReconcileCommand.Run(service.Services.GetRequiredService<ReconcileJob>(), true, output, default));
        Assert.Contains("10 found, 7 put in order", output.ToString());
        Assert.Equal(sound.Concat(strangers).Order(), TestStorage.Blobs(service.Folder).Order());
        Assert.Equal(3, (await Find(service, fix: true)).Count);
        Assert.Equal(200, (int)(await client.GetAsync($"/api/v1/studies/{study}/results/mask.nii.gz")).StatusCode);
        await using var db = service.Database.OpenAsSystem();
        Assert.Equal(orphans.Order(), (await db.AuditEntries.Where(e => e.Action == "blob.removed").Select(e => e.Subject!).ToListAsync()).Order());
        Assert.Equal(JobStatus.Queued, (await db.Jobs.SingleAsync(j => j.Id == waiting.Id)).Status);
    }

    [Fact]
    public async Task What_is_younger_than_the_grace_period_is_left_alone()
    {
        await using var service = await TestService.Start(settings: ["--Reconciler:Grace=01:00:00"]);
        var (_, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        TestStorage.DeleteBlob(service.Folder, BlobKeys.Upload(job.StudyId));
        await Plant(service, BlobKeys.Upload(Guid.NewGuid()));
        Assert.Empty(await Find(service, fix: true));
        Assert.Single(TestStorage.Blobs(service.Folder));
    }

    [Fact]
    public async Task A_study_whose_files_are_gone_fails_with_a_code_and_a_retry_makes_results_anew()
    {
        await using var service = await TestService.Start(settings: Settings);
        var (client, _, tenant) = await service.Client("a", [.. Scopes.All]);
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        await client.JobEnded(job);
        var lost = await service.AddStudy(tenant);
        TestStorage.DeleteBlob(service.Folder, BlobKeys.Upload(lost.StudyId));
        TestStorage.DeleteBlob(service.Folder, BlobKeys.Mask(job));
        await CallerTests.Refused(await client.GetAsync($"/api/v1/studies/{study}/results/mask.nii.gz"), 500, "storage.missing");

        var found = await Find(service, fix: true);
        Assert.Equal(
            [(OrphanKinds.Upload, lost.StudyId.ToString(), true), (OrphanKinds.Result, job.ToString(), true)],
            found.Select(o => (o.Kind, o.Id, o.Fixed)));
        foreach (var id in (Guid[])[lost.Id, job])
        {
            var document = await client.Job(id);
            Assert.Equal(("failed", "storage.missing"), (document.Status(), document.GetProperty("error").GetProperty("code").GetString()));
        }

        Assert.Equal(200, (int)(await client.GetAsync($"/api/v1/studies/{lost.StudyId}")).StatusCode);
        Assert.Equal(2, (await AuditTrailTests.Entries(client, "action=work.failed&caller=reconciler")).Count);

        Assert.Equal(202, (int)(await client.PostAsync($"/api/v1/jobs/{job}/retry", null)).StatusCode);
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());
        Assert.Equal(200, (int)(await client.GetAsync($"/api/v1/studies/{study}/results/mask.nii.gz")).StatusCode);
        Assert.Equal(202, (int)(await client.PostAsync($"/api/v1/jobs/{lost.Id}/retry", null)).StatusCode);
        Assert.Equal("storage.missing", (await client.JobEnded(lost.Id)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task References_without_masks_are_said_and_kept_and_evaluations_without_results_fail()
    {
        await using var service = await TestService.Start(settings: Settings);
        var (client, _, tenant) = await service.Client("a", [.. Scopes.All]);
        var job = await service.AddStudy(tenant);
        await using var db = service.Database.OpenAsSystem();
        var now = DateTimeOffset.UtcNow.AddMinutes(-1);
        var reference = new ReferenceMask { TenantId = tenant.Id, StudyId = job.StudyId, Reader = "r1", Format = "nifti", Status = ResultStatus.Complete, IchMl = 1, EdhMl = 0, SdhMl = 0, CreatedAt = now };
        var evaluation = new Evaluation
        {
            TenantId = tenant.Id, Name = null, Reference = "r1", ModelId = null, OtherModelId = null, Cases = [new CohortCase(job.StudyId)], CreatedAt = now, FinishedAt = now, Status = JobStatus.Succeeded,
        };
        db.AddRange(reference, evaluation);
        await db.SaveChangesAsync();

        Assert.Equal(
            [(OrphanKinds.Reference, reference.Id.ToString(), false), (OrphanKinds.Evaluation, evaluation.Id.ToString(), true)],
            (await Find(service, fix: true)).Select(o => (o.Kind, o.Id, o.Fixed)));
        await CallerTests.Refused(await client.GetAsync($"/api/v1/studies/{job.StudyId}/references/{reference.Id}/mask.nii.gz"), 500, "storage.missing");
        var document = await client.GetFromJsonAsync<JsonElement>($"/api/v1/evaluations/{evaluation.Id}");
        Assert.Equal(("failed", "storage.missing"), (document.Status(), document.GetProperty("error").GetProperty("code").GetString()));
    }

    private static async Task<List<Orphan>> Find(TestService service, bool fix)
    {
        List<Orphan> found = [];
        await foreach (var orphan in service.Services.GetRequiredService<ReconcileJob>().Find(fix, default))
        {
            found.Add(orphan);
        }

        return found;
    }

    private static Task Plant(TestService service, string key) => service.Blobs.Put(key, (stream, ct) => stream.WriteAsync(new byte[3], ct).AsTask(), default);
}
