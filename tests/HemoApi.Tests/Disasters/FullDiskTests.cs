using HemoApi.Storage;
using Microsoft.Data.Sqlite;

namespace HemoApi.Tests.Disasters;

/// <summary>Everything on one disk, the embedded default, and that disk is full.</summary>
public sealed class FullDiskTests
{
    private static readonly int[] Refusals = [503, 507];

    [Fact]
    public async Task A_full_disk_refuses_by_code_and_loses_no_job_and_all_goes_on_once_there_is_room()
    {
        Assert.SkipWhen(TestStorage.IsPostgres, "is about the embedded default");
        using var disk = await SmallDisk.Mount(megabytes: 32);
        Assert.SkipWhen(disk is null, "this machine mounts no file systems for users: unshare -rm");
        var outside = Directory.CreateTempSubdirectory("hemoapi-full").FullName;
        try
        {
            var data = Path.Combine(disk.Path, "data");
            var inside = Directory.CreateDirectory(Path.Combine(disk.PathFromOutside, "data")).FullName;
            var seed = new StorageOptions { DataFolder = outside };
            var key = await ServiceFolder.Prepare(seed);
            SqliteConnection.ClearAllPools();
            File.Copy(seed.DatabaseFile, Path.Combine(inside, Path.GetFileName(seed.DatabaseFile)));
            using var service = await ServiceProcess.Start(
                outside,
                TestModel.Write(outside, TestModel.Slow(kernel: 41)),
                key,
                [$"--Storage:DataFolder={data}", "--Intake:MinFreeDiskBytes=0", "--Jobs:WatchInterval=00:00:01"],
                disk.Launcher);
            var (study, job) = await service.Client.Upload(new HeadStudy { Name = "before" }.Zip());
            await service.Client.JobAfter(job, "queued");
            disk.Fill(leaveBytes: 0);

            // Longer than the job needs, which finds no room for its results.
            var later = new HeadStudy { Name = "later" }.Zip();
            for (var until = DateTime.UtcNow.AddSeconds(8); DateTime.UtcNow < until; await Task.Delay(500))
            {
                using var refused = await service.Client.PostZip(later);
                Assert.Contains((int)refused.StatusCode, Refusals);
                using var poll = await service.Client.GetAsync($"/api/v1/jobs/{job}");
                Assert.True(poll.IsSuccessStatusCode || Refusals.Contains((int)poll.StatusCode), $"{(int)poll.StatusCode}");
            }

            disk.Clear();
            Assert.Equal("succeeded", (await service.Client.JobEnded(job)).Status());
            var second = await service.Client.Upload(later);
            Assert.Equal("succeeded", (await service.Client.JobEnded(second.Job)).Status());
            Assert.Equal(await FoundHead.In(service.Client, study), await FoundHead.In(service.Client, second.Study));
            Assert.Empty(Directory.GetFiles(Path.Combine(inside, "incoming")));
            Assert.Equal(8, Directory.GetFiles(Path.Combine(inside, "blobs"), "*", SearchOption.AllDirectories).Length);
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }
}
