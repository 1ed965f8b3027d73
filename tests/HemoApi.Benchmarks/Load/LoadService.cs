using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace HemoApi.Benchmarks.Load;

/// <summary>The service with room for everyone, and jobs that are everything but the work.</summary>
internal static class LoadService
{
    private const int NoLimit = 10_000_000;

    public static async Task<ServiceFolder> Folder() => await ServiceFolder.Create(TestModel.Fast());

    public static Task<TestService> Start(ServiceFolder folder, params string[] settings)
    {
        TestService? service = null;
        return Started();

        async Task<TestService> Started() => service = await TestService.Start(
            work: (jobId, _, _) => Nothing(service!, jobId),
            folder: folder.Path,
            settings:
            [
                // As a service has it that nothing is set for.
                $"--Storage:Postgres={new NpgsqlConnectionStringBuilder(TestStorage.ConnectionString(folder.Path)) { MaxPoolSize = 100 }}",
                "--Logging:LogLevel:Microsoft.AspNetCore=Error", "--Jobs:WatchInterval=00:00:30", $"--Quotas:StudiesPerHour={NoLimit}", $"--Quotas:WaitingJobs={NoLimit}", $"--Quotas:QueueLength={NoLimit}",
                .. settings,
            ]);
    }

    /// <summary>In good order: what runs ends, or is given back.</summary>
    public static async Task End(this TestService service)
    {
        await service.Services.GetRequiredService<IHost>().StopAsync();
        _ = await service.Stop();
    }

    /// <summary>Writes the row of a result, and succeeds.</summary>
    private static async Task<Outcome<StoredResult>> Nothing(TestService service, Guid jobId)
    {
        await using var db = service.Database.OpenAsSystem();
        var job = (await db.Jobs.FindAsync(jobId))!;
        db.Add(new StudyResult
        {
            JobId = jobId, TenantId = job.TenantId, StudyId = job.StudyId, Status = ResultStatus.Pending, ReceivedAt = job.CreatedAt,
            ReceivedMonth = StudyResult.MonthOf(job.CreatedAt),
        });
        await db.SaveChangesAsync();
        return new StoredResult(0, 0, 0, 0, new ModelReference("none", "0", ""), "", "", new Dictionary<string, double>());
    }
}
