using System.CommandLine;
using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Housekeeping;
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
            if (result.GetValueOrDefault<int?>() is < 0 or > RetentionOptions.MaximumDays)
            {
                result.AddError($"--days must be from 0 to {RetentionOptions.MaximumDays}.");
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
        if (await db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Name == tenantName, cancellationToken) is not { } tenant)
        {
            await Console.Error.WriteLineAsync("There is no tenant of this name.");
            return 1;
        }

        await SetRetention.Set(db, trail, tenant.Id, days, "command", cancellationToken);
        Console.WriteLine(days switch
        {
            null => $"Studies of {tenantName} are kept as Retention:StudyDays says.",
            0 => $"Studies of {tenantName} are kept for ever.",
            _ => $"Studies of {tenantName} are deleted {days} days after their upload.",
        });
        return 0;
    }
}
