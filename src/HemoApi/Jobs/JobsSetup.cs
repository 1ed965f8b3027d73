using Hangfire;
using Hangfire.InMemory;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

public static class JobsSetup
{
    public static void AddJobs(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<JobsOptions>()
            .BindConfiguration(JobsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<JobSignals>();
        builder.Services.AddSingleton<RunningJobs>();
        builder.Services.AddSingleton<JobTransitions>();
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddTransient<SegmentStudyJob>();

        builder.Services.AddHangfire((services, hangfire) => hangfire
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromHours(1) }));
        builder.Services.AddHangfireServer((services, server) =>
        {
            server.WorkerCount = services.GetRequiredService<IOptions<JobsOptions>>().Value.Workers;
            server.Queues = JobQueue.Names;
            server.ShutdownTimeout = TimeSpan.FromSeconds(15);
        });
    }
}
