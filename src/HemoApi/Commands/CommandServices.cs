using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Housekeeping;
using HemoApi.Storage;

namespace HemoApi.Commands;

/// <summary>The service's configuration and storage, without the service.</summary>
public static class CommandServices
{
    /// <summary>A migrated database of the configured place.</summary>
    public static async Task<IHost> Open(CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddStorage();
        builder.AddAudit();
        builder.AddReconciler();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<HemoMetrics>();
        builder.Services.AddSingleton<TimeProvider>(new StoredTime());
        var host = builder.Build();
        await host.Services.GetRequiredService<HemoDatabase>().Migrate(cancellationToken);
        return host;
    }
}
