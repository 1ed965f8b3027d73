using System.Globalization;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Hosting;

/// <summary>Makes the embedded default usable at once: a tenant and a key on an empty database, and on standard output how to
/// use them. The key is shown this once.</summary>
public sealed class FirstStart(
    HemoDatabase database, IOptions<StorageOptions> storage, IOptions<FirstStartOptions> options, TimeProvider time)
{
    public const string DefaultTenant = "default";

    private static readonly string[] DefaultScopes = [Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite];

    private static readonly PhantomStudy Sample = new(seed: 1, HemorrhageTypes.All);

    private string? _newKey;

    private string SampleStudy => Path.Combine(Path.GetFullPath(storage.Value.DataFolder), "sample-study.zip");

    public async Task Prepare(CancellationToken cancellationToken)
    {
        if (storage.Value.IsShared)
        {
            // Standard output of production is collected, and a key does not belong there: keys are made by command.
            return;
        }

        await using var db = database.OpenAsSystem();
        if (await db.Tenants.AnyAsync(cancellationToken))
        {
            return;
        }

        var now = time.GetUtcNow();
        var tenant = new Tenant { Name = DefaultTenant, CreatedAt = now };
        var (key, row) = ApiKeys.Create(tenant.Id, DefaultScopes, now, "first start");
        db.Add(tenant);
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        if (options.Value.SampleStudy)
        {
            await using var file = File.Create(SampleStudy);
            Sample.WriteZip(file);
        }

        _newKey = key;
    }

    /// <summary>Called once the server listens.</summary>
    public void Announce(IServer server, TextWriter output)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "(no address)";
        output.WriteLine($"HemoApi listens on {address}; its API is described at {address}/swagger");
        if (_newKey is null)
        {
            output.WriteLine($"Make an API key with: HemoApi keys create --tenant {DefaultTenant} --scopes {string.Join(',', DefaultScopes)}");
            return;
        }

        output.WriteLine($"API key, shown only now: {_newKey}");
        if (!options.Value.SampleStudy)
        {
            return;
        }

        var truth = string.Join(", ", HemorrhageTypes.All.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Code()} {Sample.Head.VolumeMl(t):0.0} ml")));
        output.WriteLine($"Sample study: {SampleStudy}, a phantom that holds {truth}");
        output.WriteLine(
            $"Try: curl -H \"X-Api-Key: {_newKey}\" -H \"Content-Type: application/zip\" --data-binary @{SampleStudy} {address}/api/v1/studies");
    }
}
