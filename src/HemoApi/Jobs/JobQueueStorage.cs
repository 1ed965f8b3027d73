using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Jobs;

/// <summary>Where Hangfire keeps its queue: with the rows in PostgreSQL, or in memory where the database is embedded.</summary>
public static class JobQueueStorage
{
    public static JobStorage Create(IServiceProvider services)
    {
        var storage = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        return storage.IsShared
            ? new PostgreSqlStorage(new NpgsqlConnectionFactory(PostgresConnections.Prepared(storage.Postgres!), Shared), Shared)
            : new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromHours(1) });
    }

    // A worker that dies shows by its silence within half a minute. Without sliding, a job that ran longer than the timeout would
    // be started again beside itself.
    private static PostgreSqlStorageOptions Shared { get; } = new()
    {
        EnableLongPolling = true,
        QueuePollInterval = TimeSpan.FromSeconds(1),
        InvisibilityTimeout = TimeSpan.FromSeconds(30),
        UseSlidingInvisibilityTimeout = true,
    };
}
