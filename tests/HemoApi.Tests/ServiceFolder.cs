using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests;

/// <summary>A data folder with a key and a model, for services that come and go. A folder that has a tenant gets
/// no sample study at the first start, which saves seconds.</summary>
internal sealed class ServiceFolder : IDisposable
{
    private ServiceFolder(string path, string models, string key)
    {
        Path = path;
        Models = models;
        Key = key;
    }

    public string Path { get; }

    public string Models { get; }

    public string Key { get; }

    public static async Task<ServiceFolder> Create(byte[] network)
    {
        var path = Directory.CreateTempSubdirectory("hemoapi-process").FullName;
        var key = await Prepare(new StorageOptions { DataFolder = path, Postgres = TestStorage.ConnectionString(path) });
        return new ServiceFolder(path, TestModel.Write(path, network), key);
    }

    /// <summary>Makes the database with one tenant.</summary>
    /// <returns>The tenant's key.</returns>
    public static async Task<string> Prepare(StorageOptions storage)
    {
        using var database = new HemoDatabase(Options.Create(storage), NullLoggerFactory.Instance);
        await database.Migrate(CancellationToken.None);
        await using var db = database.OpenAsSystem();
        var tenant = new Tenant { Name = FirstStart.DefaultTenant, CreatedAt = DateTimeOffset.UtcNow };
        var (key, row) = ApiKeys.Create(tenant.Id, [Scopes.StudiesRead, Scopes.StudiesWrite], DateTimeOffset.UtcNow);
        db.Add(tenant);
        db.Add(row);
        await db.SaveChangesAsync();
        return key;
    }

    public string[] Blobs() => TestStorage.Blobs(Path);

    public string Incoming => new StorageOptions { DataFolder = Path }.IncomingFolder;

    /// <summary>What no sweep will ever take. With other processes on the same storage, a start leaves young files to a later sweep:
    /// here that one comes at once.</summary>
    public string[] IncomingLeft()
    {
        if (TestStorage.IsPostgres)
        {
            UploadStreamFile.Sweep(Incoming, DateTimeOffset.MaxValue);
        }

        return Directory.GetFiles(Incoming);
    }

    public void Dispose()
    {
        TestStorage.Drop(Path);
        Directory.Delete(Path, recursive: true);
    }
}
