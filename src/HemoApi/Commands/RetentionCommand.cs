using System.CommandLine;
using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Commands;

/// <summary><c>HemoApi retention --tenant NAME [--days N]</c>.</summary>
public static class RetentionCommand
{
    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant's name.", DefaultValueFactory = _ => FirstStart.DefaultTenant };
        var days = new Option<int?>("--days") { Description = "Days that its studies are kept; 0: for ever; left out: as Retention:StudyDays says." };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0)
            {
                result.AddError("--days must be 0 or more.");
            }
        });
        var command = new Command("retention", "Set how long a tenant's studies are kept.") { tenant, days };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var host = await CommandServices.Open(cancellationToken);
            await using var db = host.Services.GetRequiredService<HemoDatabase>().OpenAsSystem();
            return await Set(
                db, host.Services.GetRequiredService<AuditTrail>(), result.GetRequiredValue(tenant), result.GetValue(days), cancellationToken);
        });
        return command;
    }

    private static async Task<int> Set(HemoDbContext db, AuditTrail trail, string tenantName, int? days, CancellationToken cancellationToken)
    {
        if (await db.Tenants.SingleOrDefaultAsync(t => t.Name == tenantName, cancellationToken) is not { } tenant)
        {
            await Console.Error.WriteLineAsync("There is no tenant of this name.");
            return 1;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        tenant.RetentionDays = days;
        await db.SaveChangesAsync(cancellationToken);
        await trail.Append(db, new AuditRecord(tenant.Id, "command", "retention.set") { Detail = days is { } n ? $"days={n}" : "as configured" }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Console.WriteLine(days switch
        {
            null => $"Studies of {tenantName} are kept as Retention:StudyDays says.",
            0 => $"Studies of {tenantName} are kept for ever.",
            _ => $"Studies of {tenantName} are deleted {days} days after their upload.",
        });
        return 0;
    }
}
