using HemoApi.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Hosting;

/// <summary>Makes the embedded default usable at once: a tenant and a key on an empty database, and on standard output how to
/// use them. The key is shown this once.</summary>
public sealed class FirstStart(HemoDatabase database, TimeProvider time)
{
    public const string DefaultTenant = "default";

    private static readonly string[] DefaultScopes = [Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite];

    private string? _newKey;

    public async Task Prepare(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        if (await db.Tenants.AnyAsync(cancellationToken))
        {
            return;
        }

        var now = time.GetUtcNow();
        var tenant = new Tenant { Name = DefaultTenant, CreatedAt = now };
        var (key, row) = ApiKeys.Create(tenant.Id, DefaultScopes, now);
        db.Add(tenant);
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
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
    }
}
