using System.CommandLine;
using HemoApi.Audit;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Commands;

/// <summary><c>HemoApi audit verify</c>.</summary>
public static class AuditCommand
{
    public static Command Create() => new("audit", "Verify the audit trail.") { Verify() };

    private static Command Verify()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only the chain of this tenant; left out: all, and that of no tenant." };
        var command = new Command(
            "verify",
            "Compute the chain of hashes again and name the first entry that was changed, removed or inserted. Keep the printed hashes elsewhere: "
            + "who can write to the database can write a whole chain anew, but not one with the same hash at the same entry.")
        {
            tenant,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var host = await CommandServices.Open(cancellationToken);
            await using var db = host.Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
            return await Verify(db, result.GetValue(tenant), Console.Out, cancellationToken);
        });
        return command;
    }

    /// <returns>0 where every chain is whole; else 1.</returns>
    public static async Task<int> Verify(HemoDbContext db, string? tenant, TextWriter output, CancellationToken cancellationToken)
    {
        var chains = (await db.Tenants.Where(t => tenant == null || t.Name == tenant).OrderBy(t => t.Name).ToListAsync(cancellationToken))
            .Select(t => (t.Id, t.Name))
            .ToList();
        if (tenant is null)
        {
            chains.Add((AuditTrail.NoTenant, "(no tenant)"));
        }
        else if (chains.Count == 0)
        {
            await output.WriteLineAsync("There is no tenant of this name.");
            return 1;
        }

        var broken = 0;
        foreach (var (id, name) in chains)
        {
            var verdict = await AuditVerifier.Verify(db, id, cancellationToken);
            if (verdict.BrokenAt is { } at)
            {
                broken++;
                await output.WriteLineAsync($"{name}: BROKEN at entry {at}: {verdict.Cause}; {verdict.Entries} entries before it are sound");
            }
            else
            {
                await output.WriteLineAsync($"{name}: {verdict.Entries} entries, sound, hash {verdict.Hash}");
            }
        }

        return broken == 0 ? 0 : 1;
    }
}
