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
        var host = builder.Build();
        await host.Services.GetRequiredService<HemoDatabase>().Migrate(cancellationToken);
        return host;
    }
}
