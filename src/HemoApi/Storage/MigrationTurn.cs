using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace HemoApi.Storage;

/// <summary>Lets one process at a time migrate a PostgreSQL database. The provider's own lock ends with each of its transactions, so that
/// a process which waited for it goes on to repeat what another has done meanwhile, and fails.</summary>
internal static class MigrationTurn
{
    /// <summary>Of nothing else in the database: "hemo" in ASCII.</summary>
    private const long Lock = 0x68656D6F;

    /// <summary>Makes the database if there is none, and waits until no other process migrates it.</summary>
    /// <returns>The turn, which ends when it is disposed of, and with its connection if the process dies.</returns>
    public static async Task<IAsyncDisposable> Take(HemoDbContext db, NpgsqlDataSource postgres, CancellationToken cancellationToken)
    {
        await Create(db.GetService<IRelationalDatabaseCreator>(), cancellationToken);
        var connection = await postgres.OpenConnectionAsync(cancellationToken);
        try
        {
            await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Lock})", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task Create(IRelationalDatabaseCreator creator, CancellationToken cancellationToken)
    {
        if (await creator.ExistsAsync(cancellationToken))
        {
            return;
        }

        try
        {
            await creator.CreateAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process was faster.
        }
    }
}
