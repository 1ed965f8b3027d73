using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Disasters;

/// <summary>Everything that a hospital group runs: database, blob store behind a proxy, a small disk, processes; and each can fail.</summary>
internal sealed partial class Hospital : IAsyncDisposable
{
    private const int DiskMegabytes = 48;

    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-disasters").FullName;
    private readonly BlobContainerClient _container;
    private readonly string _models;
    private string _key = "";

    private Hospital(PostgresServer postgres, SmallDisk? disk)
    {
        Postgres = postgres;
        Disk = disk;
        var azure = TestStorage.AzureConnectionString!;
        Blobs = new FaultyProxy(int.Parse(PortOfBlobs().Match(azure).Value));
        var name = $"disasters-{Guid.NewGuid():n}";
        _container = new BlobContainerClient(azure, name);
        _models = TestModel.Write(_folder, TestModel.Fast());
        Cluster = new Cluster((index, role) => ServiceProcess.Start(
            _folder,
            _models,
            _key,
            [
                $"--Hosting:Role={role}",
                $"--Storage:DataFolder={DataFolder(index)}",
                $"--Storage:Postgres={postgres.ConnectionString}",
                $"--Storage:Azure:ConnectionString={PortOfBlobs().Replace(azure, $"{Blobs.Port}")}",
                $"--Storage:Azure:Container={name}",

                // Long enough for any answer of a store that is well, short enough to be given up within a test.
                "--Storage:Azure:NetworkTimeout=00:00:05",
                $"--Identity:Secret={TestStorage.Secret}",
                "--Jobs:WatchInterval=00:00:00.5",

                // Chance may kill the same job often, which is no reason here to give it up.
                "--Jobs:MaximumStarts=20",
                "--Quotas:StudiesPerHour=1000000",
                $"--Intake:MinFreeDiskBytes={1 << 18}",
            ],
            Disk?.Launcher ?? []));
        Database = new HemoDatabase(Options.Create(new StorageOptions { Postgres = postgres.ConnectionString, DataFolder = _folder }), NullLoggerFactory.Instance);
    }

    public PostgresServer Postgres { get; }

    /// <summary>Null where this machine allows none.</summary>
    public SmallDisk? Disk { get; }

    public FaultyProxy Blobs { get; }

    public Cluster Cluster { get; }

    public HemoDatabase Database { get; }

    public HttpClient Client => Cluster.Client(0)!;

    public static async Task<Hospital> Open()
    {
        var hospital = new Hospital(await PostgresServer.Start(), await SmallDisk.Mount(DiskMegabytes));
        hospital._key = await ServiceFolder.Prepare(new StorageOptions { Postgres = hospital.Postgres.ConnectionString, DataFolder = hospital._folder });
        await hospital.Cluster.Revive();
        return hospital;
    }

    public string[] StoredBlobs() => [.. _container.GetBlobs().Select(b => b.Name).Order(StringComparer.Ordinal)];

    /// <summary>Of all processes: uploads on their way in, and blobs on their way out.</summary>
    public string[] Incoming() =>
    [
        .. Enumerable.Range(0, Cluster.Roles.Length)
            .Select(i => Path.Combine(Disk?.PathFromOutside ?? _folder, $"pod{i}", "incoming"))
            .Where(Directory.Exists)
            .SelectMany(Directory.GetFiles),
    ];

    /// <summary>What was left of an upload whose process died goes with the sweep once it was silent for long enough: that time passes, and all start anew.</summary>
    public async Task MinutesLater()
    {
        Cluster.Kill(Enumerable.Range(0, Cluster.Roles.Length));
        await using var db = Database.OpenAsSystem();
        var earlier = DateTimeOffset.UtcNow - UploadStudySweep.LongestSilence - TimeSpan.FromMinutes(1);
        await db.Studies.Where(s => s.Status == StudyStatus.Pending).ExecuteUpdateAsync(set => set.SetProperty(s => s.CreatedAt, earlier));
        Array.ForEach(Incoming(), file => File.SetLastWriteTimeUtc(file, earlier.UtcDateTime));
        await Cluster.Revive();
    }

    public async ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        Database.Dispose();
        Blobs.Dispose();
        await _container.DeleteIfExistsAsync();
        Postgres.Dispose();
        Disk?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"(?<=BlobEndpoint=http://127\.0\.0\.1:)\d+")]
    private static partial Regex PortOfBlobs();

    private string DataFolder(int index) => Path.Combine(Disk?.Path ?? _folder, $"pod{index}");
}
