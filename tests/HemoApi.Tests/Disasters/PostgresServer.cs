using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace HemoApi.Tests.Disasters;

/// <summary>A PostgreSQL server of the test's own, so that it can crash without harm to other tests. What it has committed survives, as it
/// would on a durable disk.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-postgres").FullName;
    private readonly int _port = FreePort();

    private PostgresServer()
    {
    }

    public static bool IsInstalled => Binaries is not null;

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "postgres",
        Database = "hemoapi",
        MaxPoolSize = 30,
    }.ToString();

    private static string? Binaries => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Max()
        : null;

    public static async Task<PostgresServer> Start()
    {
        var server = new PostgresServer();
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres:postgres", server._folder);
        }

        await server.RunAsOwner("initdb", "-D", server.Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale");
        await server.Restart();
        return server;
    }

    /// <summary>Its processes are gone in an instant, and so are all connections; the next start recovers from the log.</summary>
    public Task Crash() => RunAsOwner("pg_ctl", "-D", Data, "-m", "immediate", "stop");

    /// <summary>Without fsync, which only the loss of the machine would need: commits wait for the log to be written, as by default.</summary>
    public Task Restart() => RunAsOwner(
        "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"),
        "-o", $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c fsync=off -c max_connections=200", "start");

    public void Dispose()
    {
        try
        {
            Crash().GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The server refuses to run as root.</summary>
    private Task RunAsOwner(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", Path.Combine(Binaries!, program), .. arguments])
        : Run(Path.Combine(Binaries!, program), arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        // The server inherits its starter's pipes and would keep them open: its words go to its log.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "cd / && exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments]))!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
