using Hangfire;
using HemoApi.Changes;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Housekeeping;

/// <summary>Retention and reconciler: recurring jobs of Hangfire with a worker of their own, so that they keep no scan waiting. Where processes share the
/// queue, each run is one process's; the queue of the embedded storage forgets, so there they run at each start as well.</summary>
public static class HousekeepingSetup
{
    public const string Queue = "housekeeping";

    public static void AddReconciler(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReconcilerOptions>()
            .BindConfiguration(ReconcilerOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<BlobOrphans>();
        builder.Services.AddSingleton<RowOrphans>();
        builder.Services.AddSingleton<ReconcileJob>();
    }

    public static void AddHousekeeping(this WebApplicationBuilder builder)
    {
        builder.AddReconciler();
        builder.Services.AddOptions<RetentionOptions>()
            .BindConfiguration(RetentionOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<RetentionJob>();
        if (HostingOptions.Of(builder.Configuration).RunsJobs)
        {
            builder.Services.AddHangfireServer((_, server) =>
            {
                server.WorkerCount = 1;
                server.Queues = [Queue];
                server.ServerName = Queue;
                server.ShutdownTimeout = TimeSpan.FromSeconds(15);
            });
            builder.Services.AddHostedService<HousekeepingSchedule>();
        }
    }
}

/// <summary>Puts the recurring jobs on the calendar, in UTC: retention and the end of old changes every hour, the reconciler every night at three.</summary>
public sealed class HousekeepingSchedule(IRecurringJobManager calendar, IOptions<StorageOptions> storage) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        calendar.AddOrUpdate<RetentionJob>("retention", job => job.Run(CancellationToken.None), Cron.Hourly);
        calendar.AddOrUpdate<ForgetChangesJob>("changes", job => job.Run(CancellationToken.None), Cron.Hourly);
        calendar.AddOrUpdate<ReconcileJob>("reconciler", job => job.Run(CancellationToken.None), () => Cron.Daily(3));
        if (!storage.Value.IsShared)
        {
            calendar.Trigger("retention");
            calendar.Trigger("changes");
            calendar.Trigger("reconciler");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
