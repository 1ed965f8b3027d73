using Npgsql;

namespace HemoApi.Storage;

/// <summary>How the service talks to PostgreSQL. What the connection string says itself, as a pooler between may need it, stays as it is.</summary>
public static class PostgresConnections
{
    private const string MaxAutoPrepare = "Max Auto Prepare";
    private const string NoResetOnClose = "No Reset On Close";
    private const int PreparedStatements = 60;

    /// <summary>The service's questions are short, and many are asked at once. With the rows divided among the server's cores, PostgreSQL thinks a walk through all
    /// studies cheaper than the index that leads to the few that are asked for; and it compiles what takes longer to compile than to answer.</summary>
    private const string SessionSettings = "SET max_parallel_workers_per_gather = 0; SET jit = off";

    /// <summary>For the rows. A connection need not forget its session each time it is lent: but for the settings, nothing outlives a transaction.</summary>
    public static NpgsqlDataSource Pool(string configured)
    {
        var connection = new NpgsqlConnectionStringBuilder(Prepared(configured));
        connection.NoResetOnClose = !connection.ShouldSerialize(NoResetOnClose) || connection.NoResetOnClose;
        return new NpgsqlDataSourceBuilder(connection.ToString()).UsePhysicalConnectionInitializer(Set, SetAsync).Build();
    }

    /// <summary>The same few questions are asked all the time: PostgreSQL need not plan each of them anew.</summary>
    public static string Prepared(string configured)
    {
        var connection = new NpgsqlConnectionStringBuilder(configured);
        connection.MaxAutoPrepare = connection.ShouldSerialize(MaxAutoPrepare) ? connection.MaxAutoPrepare : PreparedStatements;
        return connection.ToString();
    }

    private static void Set(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(SessionSettings, connection);
        command.ExecuteNonQuery();
    }

    private static async Task SetAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(SessionSettings, connection);
        await command.ExecuteNonQueryAsync();
    }
}
