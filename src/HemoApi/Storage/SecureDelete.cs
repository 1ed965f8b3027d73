using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace HemoApi.Storage;

/// <summary>SQLite leaves deleted and overwritten values in its file until their pages are used again. With this on every connection, zeros take their place.
/// PostgreSQL leaves them to its vacuum, which comes by itself.</summary>
public sealed class SecureDelete : DbConnectionInterceptor
{
    private const string Pragma = "PRAGMA secure_delete = ON";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

public static class SecureDeleteLog
{
    private const int Tries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Empties SQLite's write-ahead log, which holds pages as they were. Where readers need it all the while it stays, until a later one.</summary>
    public static async Task Checkpoint(this HemoDbContext db, CancellationToken cancellationToken)
    {
        if (db is not SqliteHemoDbContext)
        {
            return;
        }

        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        for (var i = 0; i < Tries; i++)
        {
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                // The first column says whether someone was in the way.
                if (await reader.ReadAsync(cancellationToken) && reader.GetInt32(0) == 0)
                {
                    return;
                }
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
