using System.CommandLine;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Commands;

/// <summary><c>HemoApi keys create|list|revoke</c>.</summary>
public static class KeysCommand
{
    public static Command Create() => new("keys", "Make, list and revoke API keys.") { CreateKey(), ListKeys(), RevokeKey() };

    private static Command CreateKey()
    {
        var tenant = TenantOption();
        var scopes = new Option<string>("--scopes")
        {
            Description = $"What the key may do, separated by commas: {string.Join(", ", Scopes.All)}.",
            Required = true,
        };
        var command = new Command("create", "Make a key; it is shown once. A tenant of a new name is made with it.") { tenant, scopes };
        command.SetAction((result, cancellationToken) => Run(
            db => CreateKey(db, result.GetRequiredValue(tenant), result.GetRequiredValue(scopes), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command ListKeys()
    {
        var tenant = TenantOption();
        var command = new Command("list", "List a tenant's keys by their ids.") { tenant };
        command.SetAction((result, cancellationToken) => Run(
            db => ListKeys(db, result.GetRequiredValue(tenant), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command RevokeKey()
    {
        var id = new Argument<string>("id") { Description = "The part of the key between hemo_ and the next underscore." };
        var command = new Command("revoke", "Make a key worthless at once.") { id };
        command.SetAction((result, cancellationToken) => Run(
            db => RevokeKey(db, result.GetRequiredValue(id), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Option<string> TenantOption() => new("--tenant")
    {
        Description = "The tenant's name.",
        DefaultValueFactory = _ => FirstStart.DefaultTenant,
    };

    private static async Task<int> Run(Func<HemoDbContext, Task<int>> action, CancellationToken cancellationToken)
    {
        using var host = await CommandServices.Open(cancellationToken);
        await using var db = host.Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        return await action(db);
    }

    private static async Task<int> CreateKey(HemoDbContext db, string tenantName, string scopeList, CancellationToken cancellationToken)
    {
        var scopes = scopeList.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (scopes.Length == 0 || scopes.Except(Scopes.All).Any())
        {
            await Console.Error.WriteLineAsync($"Scopes are {string.Join(", ", Scopes.All)}; separate them by commas.");
            return 1;
        }

        var now = DateTimeOffset.UtcNow;
        var tenant = await db.Tenants.SingleOrDefaultAsync(t => t.Name == tenantName, cancellationToken);
        if (tenant is null)
        {
            tenant = new Tenant { Name = tenantName, CreatedAt = now };
            db.Add(tenant);
        }

        var (key, row) = ApiKeys.Create(tenant.Id, scopes, now);
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        Console.WriteLine(key);
        return 0;
    }

    private static async Task<int> ListKeys(HemoDbContext db, string tenantName, CancellationToken cancellationToken)
    {
        var keys = await db.ApiKeys
            .Where(k => db.Tenants.Any(t => t.Id == k.TenantId && t.Name == tenantName))
            .OrderBy(k => k.CreatedAt)
            .ToListAsync(cancellationToken);
        foreach (var key in keys)
        {
            var state = key.RevokedAt is { } revoked ? $"revoked {revoked:u}" : "active";
            Console.WriteLine($"{key.KeyId}  {key.CreatedAt:u}  {state}  {string.Join(',', key.Scopes)}");
        }

        return 0;
    }

    private static async Task<int> RevokeKey(HemoDbContext db, string keyId, CancellationToken cancellationToken)
    {
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.KeyId == keyId, cancellationToken);
        if (key is null)
        {
            await Console.Error.WriteLineAsync("There is no key of this id; `HemoApi keys list` shows them.");
            return 1;
        }

        key.RevokedAt ??= DateTimeOffset.UtcNow;
        await db.SaveChangesAsync(cancellationToken);
        Console.WriteLine($"{keyId} is revoked.");
        return 0;
    }
}
