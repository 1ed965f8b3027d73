using HemoApi.Hosting;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Studies;

public sealed class DeleteStudyTests
{
    [Fact]
    public async Task A_deleted_study_is_gone_everywhere_and_leaves_no_blob()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var zip = new HeadStudy().Zip();
        var (study, job) = await client.Upload(zip);
        await client.JobEnded(job);
        Assert.Equal(4, Blobs(service).Length);

        Assert.Equal(204, (int)(await client.DeleteAsync($"/api/v1/studies/{study}")).StatusCode);
        Assert.Empty(Blobs(service));
        foreach (var path in (string[])
            [$"studies/{study}", $"studies/{study}/results", $"studies/{study}/results/mask.nii.gz", $"studies/{study}/results/image.nii.gz", $"jobs/{job}", $"jobs/{job}/events"])
        {
            await CallerTests.Refused(await client.GetAsync($"/api/v1/{path}"), 410, "gone");
        }

        await CallerTests.Refused(await client.DeleteAsync($"/api/v1/studies/{study}"), 410, "gone");
        await CallerTests.Refused(await client.PostAsync($"/api/v1/jobs/{job}/cancel", null), 410, "gone");
        await CallerTests.Refused(await client.PostAsync($"/api/v1/jobs/{job}/retry", null), 410, "gone");
        Assert.DoesNotContain(study.ToString(), await client.GetStringAsync("/api/v1/studies"));

        var (again, anew) = await client.Upload(zip);
        Assert.NotEqual(study, again);
        Assert.Equal("succeeded", (await client.JobEnded(anew)).Status());
    }

    [Fact]
    public async Task A_study_deleted_while_it_is_measured_stops_and_leaves_no_blob()
    {
        await using var service = await TestService.Start(stagePause: TimeSpan.FromMilliseconds(500));
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        Assert.Equal("running", (await client.JobAfter(job, "queued")).Status());
        var waiting = client.GetAsync($"/api/v1/jobs/{job}?waitSeconds=60");

        Assert.Equal(204, (int)(await client.DeleteAsync($"/api/v1/studies/{study}")).StatusCode);
        await CallerTests.Refused(await waiting, 410, "gone");
        await using (var db = service.Database.OpenAsSystem())
        {
            Assert.Empty(db.Results);
        }

        // The worker is free again only when the run of the deleted study has ended for good.
        var (next, nextJob) = await client.Upload(new HeadStudy { Name = "next" }.Zip());
        Assert.Equal("succeeded", (await client.JobEnded(nextJob)).Status());
        Assert.All(Blobs(service), blob => Assert.True(blob.Contains(next.ToString()) || blob.Contains(nextJob.ToString()), blob));
    }

    private static string[] Blobs(TestService service) => TestStorage.Blobs(service.Folder);
}
