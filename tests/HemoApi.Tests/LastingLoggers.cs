using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests;

/// <summary>The host's loggers, which outlive it. Hangfire keeps one factory in a static: of several services in one process it may
/// hold that of one which has ended, and every other one then fails where it asks for a logger.</summary>
internal sealed class LastingLoggers(IEnumerable<ILoggerProvider> providers, IOptionsMonitor<LoggerFilterOptions> filters) : ILoggerFactory
{
    private readonly LoggerFactory _loggers = new(providers, filters);

    public static void Add(IServiceCollection services) => services.AddSingleton<ILoggerFactory, LastingLoggers>();

    public ILogger CreateLogger(string categoryName) => _loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => _loggers.AddProvider(provider);

    public void Dispose()
    {
    }
}
