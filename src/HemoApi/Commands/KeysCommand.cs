using System.CommandLine;
using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Commands;

/// <summary><c>HemoApi keys create|list|rotate|revoke</c>.</summary>
public static class KeysCommand
{
    public static Command Create() => new("keys", "Make, list, rotate and revoke API keys.") { CreateKey(), ListKeys(), RotateKey(), RevokeKey() };

    private static Command CreateKey()
    {
        var tenant = TenantOption();
        var scopes = new Option<string>("--scopes")
        {
            Description = $"What the key may do, separated by commas: {string.Join(", ", Scopes.All)}.",
            Required = true,
        };
        var name = new Option<string?>("--name") { Description = "What the key is for." };
        var days = new Option<int?>("--days") { Description = "Days until it expires; left out: never." };
        var command = new Command("create", "Make a key; it is shown once. A tenant of a new name is made with it.") { tenant, scopes, name, days };
        command.SetAction((result, cancellationToken) => Run(
            (db, trail) => CreateKey(
                db, trail, result.GetRequiredValue(tenant), result.GetRequiredValue(scopes), result.GetValue(name), result.GetValue(days), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command ListKeys()
    {
        var tenant = TenantOption();
        var command = new Command("list", "List a tenant's keys by their ids.") { tenant };
        command.SetAction((result, cancellationToken) => Run(
            (db, _) => ListKeys(db, result.GetRequiredValue(tenant), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command RevokeKey()
    {
        var id = IdArgument();
        var command = new Command("revoke", "Make a key worthless at once.") { id };
        command.SetAction((result, cancellationToken) => Run(
            (db, trail) => RevokeKey(db, trail, result.GetRequiredValue(id), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command RotateKey()
    {
        var id = IdArgument();
        var grace = new Option<int>("--grace-hours") { Description = "How long the old key stays valid.", DefaultValueFactory = _ => Keys.RotateKey.DefaultGraceHours };
        var command = new Command("rotate", "Make a new key in the place of one, which stays valid for a while. The new key is shown once.") { id, grace };
        command.SetAction((result, cancellationToken) => Run(
            (db, trail) => RotateKey(db, trail, result.GetRequiredValue(id), TimeSpan.FromHours(result.GetRequiredValue(grace)), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Argument<string> IdArgument() => new("id") { Description = "The part of the key between hemo_ and the next underscore." };

    private static Option<string> TenantOption() => new("--tenant")
    {
        Description = "The tenant's name.",
        DefaultValueFactory = _ => FirstStart.DefaultTenant,
    };

    private static async Task<int> Run(Func<HemoDbContext, AuditTrail, Task<int>> action, CancellationToken cancellationToken)
    {
        using var host = await CommandServices.Open(cancellationToken);
        await using var db = host.Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
        return await action(db, host.Services.GetRequiredService<AuditTrail>());
    }

    private static async Task<int> CreateKey(
        HemoDbContext db, AuditTrail trail, string tenantName, string scopeList, string? name, int? days, CancellationToken cancellationToken)
    {
        var scopes = scopeList.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (scopes.Length == 0 || scopes.Except(Scopes.All).Any())
        {
            await Console.Error.WriteLineAsync($"Scopes are {string.Join(", ", Scopes.All)}; separate them by commas.");
            return 1;
        }

        var now = new StoredTime().GetUtcNow();
        var tenant = await db.Tenants.SingleOrDefaultAsync(t => t.Name == tenantName, cancellationToken);
        if (tenant is null)
        {
            tenant = new Tenant { Name = tenantName, CreatedAt = now };
            db.Add(tenant);
        }

        var (key, row) = ApiKeys.Create(tenant.Id, scopes, now, name, days is { } count ? now.AddDays(count) : null);
        db.Add(row);
        await Save(db, trail, row, "key.create", cancellationToken);
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
            var state = key.RevokedAt is { } revoked ? $"revoked {revoked:u}" : key.ExpiresAt is { } end ? $"until {end:u}" : "active";
            var used = key.LastUsedAt is { } last ? $"used {last:u}" : "never used";
            Console.WriteLine($"{key.KeyId}  {key.CreatedAt:u}  {state}  {used}  {string.Join(',', key.Scopes)}  {key.Name}");
        }

        return 0;
    }

    private static async Task<int> RevokeKey(HemoDbContext db, AuditTrail trail, string keyId, CancellationToken cancellationToken)
    {
        if (await Find(db, keyId, cancellationToken) is not { } key)
        {
            return 1;
        }

        key.RevokedAt ??= new StoredTime().GetUtcNow();
        await Save(db, trail, key, "key.revoke", cancellationToken);
        Console.WriteLine($"{keyId} is revoked.");
        return 0;
    }

    private static async Task<int> RotateKey(HemoDbContext db, AuditTrail trail, string keyId, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (await Find(db, keyId, cancellationToken) is not { } old)
        {
            return 1;
        }

        var now = new StoredTime().GetUtcNow();
        if (old.RevokedAt is not null || old.ExpiresAt <= now || grace < TimeSpan.Zero)
        {
            await Console.Error.WriteLineAsync("The key is revoked or expired, or the grace period is negative; `HemoApi keys create` makes a new key.");
            return 1;
        }

        var (key, row) = ApiKeys.Rotate(old, grace, now);
        db.Add(row);
        await Save(db, trail, row, "key.rotate", cancellationToken);
        Console.WriteLine(key);
        return 0;
    }

    private static async Task<ApiKey?> Find(HemoDbContext db, string keyId, CancellationToken cancellationToken)
    {
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.KeyId == keyId, cancellationToken);
        if (key is null)
        {
            await Console.Error.WriteLineAsync("There is no key of this id; `HemoApi keys list` shows them.");
        }

        return key;
    }

    /// <summary>With its entry in the audit trail, or not at all.</summary>
    private static async Task Save(HemoDbContext db, AuditTrail trail, ApiKey key, string action, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await trail.Append(db, new AuditRecord(key.TenantId, "command", action) { Subject = key.KeyId }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
