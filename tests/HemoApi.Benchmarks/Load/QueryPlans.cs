using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace HemoApi.Benchmarks.Load;

/// <summary>Listens to the commands that the service sends while it is there, and asks PostgreSQL how it would answer each of them.</summary>
internal sealed partial class QueryPlans : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string EntityFramework = "Microsoft.EntityFrameworkCore";

    private readonly List<IDisposable> _subscriptions = [];
    private readonly List<NpgsqlCommand> _commands = [];

    public QueryPlans() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <returns>The lines of the plans that read one of the large tables, those with a sequential scan marked.</returns>
    public async Task<IReadOnlyList<(string Line, bool IsSequential)>> Explain(NpgsqlConnection connection)
    {
        var lines = new List<(string, bool)>();
        NpgsqlCommand[] commands;
        lock (_commands)
        {
            commands = [.. _commands.Where(c => LargeTable().IsMatch(c.CommandText))];
        }

        foreach (var command in commands)
        {
            command.CommandText = $"EXPLAIN {command.CommandText}";
            command.Connection = connection;
            command.Transaction = null;
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var line = reader.GetString(0);
                if (Scan().IsMatch(line))
                {
                    lines.Add((line.Trim(' ', '-', '>'), SequentialScan().IsMatch(line)));
                }
            }
        }

        return lines;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == EntityFramework)
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == RelationalEventId.CommandExecuting.Name && value.Value is CommandEventData { Command: NpgsqlCommand command })
        {
            lock (_commands)
            {
                _commands.Add(command.Clone());
            }
        }
    }

    public void OnCompleted()
    {
        // The service outlives this.
    }

    public void OnError(Exception error) => throw new InvalidOperationException("the service's commands can't be listened to", error);

    public void Dispose() => _subscriptions.ForEach(s => s.Dispose());

    [GeneratedRegex(@"^\s*SELECT[\s\S]*\b(FROM|JOIN) (studies|results)\b")]
    private static partial Regex LargeTable();

    [GeneratedRegex(@"Scan.* on \w+")]
    private static partial Regex Scan();

    [GeneratedRegex(@"Seq Scan on (studies|jobs|results)\b")]
    private static partial Regex SequentialScan();
}
