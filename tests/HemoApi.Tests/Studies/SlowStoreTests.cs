using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Studies;

public sealed class SlowStoreTests
{
    [Fact]
    public async Task An_upload_that_the_store_takes_long_for_is_not_swept_as_if_its_process_had_died()
    {
        var (started, blobs) = await SwitchedBlobStore.Start((_, _, _) => throw new InvalidOperationException("no work"));
        await using var service = started;
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        service.Services.GetRequiredService<UploadStudyStore>().SignOfLifeInterval = TimeSpan.FromMilliseconds(50);
        var gate = new TaskCompletionSource();
        blobs.Gate = gate.Task;
        var upload = client.Upload(new HeadStudy().Zip());
        var longAgo = DateTimeOffset.UtcNow - (2 * UploadStudySweep.LongestSilence);
        await UploadHost.Until(async () => await Pending(service).ExecuteUpdateAsync(set => set.SetProperty(s => s.CreatedAt, longAgo)) == 1);
        await UploadHost.Until(() => Pending(service).AnyAsync(s => s.CreatedAt > longAgo));

        var sweep = service.Services.GetRequiredService<UploadStudySweep>();
        await sweep.Run(TestContext.Current.CancellationToken);
        Assert.Equal(1, await Pending(service).CountAsync());
        gate.SetResult();
        var (study, _) = await upload;
        await sweep.Run(TestContext.Current.CancellationToken);
        await using var db = service.Database.OpenAsSystem();
        Assert.Equal(StudyStatus.Stored, (await db.Studies.SingleAsync(s => s.Id == study)).Status);
    }

    [Fact]
    public async Task A_study_that_could_not_be_removed_when_its_store_failed_goes_with_the_next_sweep_and_can_be_sent_again()
    {
        var (started, blobs) = await SwitchedBlobStore.Start((_, _, _) => throw new InvalidOperationException("no work"));
        await using var service = started;
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        blobs.IsAway = blobs.KeepsEverything = true;
        using (var refused = await client.PostZip(new HeadStudy().Zip()))
        {
            Assert.Equal(503, (int)refused.StatusCode);
        }

        Assert.Equal(1, await Pending(service).CountAsync());
        blobs.IsAway = blobs.KeepsEverything = false;
        await service.Services.GetRequiredService<UploadStudySweep>().Run(TestContext.Current.CancellationToken);
        Assert.Equal(0, await Pending(service).CountAsync());
        await client.Upload(new HeadStudy().Zip());
        await using var db = service.Database.OpenAsSystem();
        Assert.Equal(await db.Studies.SumAsync(s => s.UploadBytes), (await db.Tenants.SingleAsync(t => t.Name == "a")).StoredBytes);
    }

    private static IQueryable<Study> Pending(TestService service) => service.Database.OpenAsSystem().Studies.Where(s => s.Status == StudyStatus.Pending);
}
