using Hangfire.Logging;
using HemoApi.Hosting;
using LogLevel = Hangfire.Logging.LogLevel;

namespace HemoApi.Jobs;

/// <summary>Hangfire's log lines, their exceptions without messages, which may hold patient data. One logger for all of them:
/// Hangfire keeps this in a static that outlives the service's logger factory.</summary>
internal sealed partial class HangfireLogs(ILoggerFactory loggers) : ILogProvider
{
    private readonly Lines _lines = new(loggers.CreateLogger("Hangfire"));

    public ILog GetLogger(string name) => _lines;

    private sealed partial class Lines(ILogger log) : ILog
    {
        public bool Log(LogLevel logLevel, Func<string>? messageFunc, Exception? exception)
        {
            // The same levels in the same order, under other names.
            var level = (Microsoft.Extensions.Logging.LogLevel)(int)logLevel;
            if (messageFunc is not null && log.IsEnabled(level))
            {
                LogLine(level, messageFunc(), exception?.Shape());
            }

            return log.IsEnabled(level);
        }

        [LoggerMessage("{Message} {Shape}")]
        private partial void LogLine(Microsoft.Extensions.Logging.LogLevel level, string message, string? shape);
    }
}
