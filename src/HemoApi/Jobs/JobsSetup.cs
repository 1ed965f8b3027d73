using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.InMemory;
using HemoApi.Audit;
using HemoApi.Hosting;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

public static class JobsSetup
{
    private const string DashboardPath = "/hangfire";

    /// <summary>Hangfire's own view of the queue, to read only: rows change by the API alone.</summary>
    public static void MapDashboard(this WebApplication app) => app
        .MapHangfireDashboardWithAuthorizationPolicy(
            Scopes.Admin, DashboardPath, new DashboardOptions { IsReadOnlyFunc = _ => true, AppPath = null, DisplayStorageConnectionString = false, DashboardTitle = "HemoApi" })
        .NotAudited("Ids and states of jobs, about no study.");

    public static void AddJobs(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<JobsOptions>()
            .BindConfiguration(JobsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<JobSignals>();
        builder.Services.AddSingleton<RunningJobs>();
        builder.Services.AddSingleton<StartGate>();
        builder.Services.AddSingleton<ForegroundJobs>();
        builder.Services.AddSingleton<LongPoll>();
        builder.Services.AddSingleton<QueueLengths>();
        builder.Services.AddSingleton<JobReader>();
        builder.Services.AddSingleton<JobTransitions>();
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddTransient<SegmentStudyJob>();
        builder.Services.AddSingleton<QueuePace>();
        builder.Services.AddHostedService<QueueSampler>();

        // Hangfire would keep both in statics: a second service in the process, as tests have it, would take over the first one's jobs.
        builder.Services.AddSingleton(JobQueueStorage.Create);
        builder.Services.AddSingleton<JobActivator>(services => new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>()));
        builder.Services.AddSingleton<IJobFilterProvider>(Filters());
        builder.Services.AddHangfire((services, hangfire) => hangfire
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UseLogProvider(new HangfireLogs(services.GetRequiredService<ILoggerFactory>())));
        if (HostingOptions.Of(builder.Configuration).RunsJobs)
        {
            builder.Services.AddHangfireServer((services, server) =>
            {
                server.WorkerCount = services.GetRequiredService<IOptions<JobsOptions>>().Value.Workers;
                server.Queues = JobQueue.Names;
                server.ShutdownTimeout = TimeSpan.FromSeconds(15);
            });
            builder.Services.AddHostedService<JobWatch>();
        }
    }

    /// <summary>Hangfire's usual filters but for three that cost each job some reads: culture (all work is invariant), continuations (there are none) and
    /// retries (each job says for itself).</summary>
    private static JobFilterProviderCollection Filters() =>
        new(new JobFilterCollection { new StatisticsHistoryAttribute() }, new JobFilterAttributeFilterProvider());
}
