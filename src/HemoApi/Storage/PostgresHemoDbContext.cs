using HemoApi.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace HemoApi.Storage;

/// <summary>For production: many processes on one database. Migrations are in Migrations/Postgres.</summary>
public sealed class PostgresHemoDbContext(DbContextOptions options, Caller caller) : HemoDbContext(options, caller)
{
    // A scanner's times have no time zone.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveColumnType("timestamp without time zone");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        // For filters that few results pass. Not in SQLite: without statistics it would use them where many pass, too.
        modelBuilder.Entity<StudyResult>(result =>
        {
            result.HasIndex(r => new { r.TenantId, r.IchMl }).HasFilter("ich_ml > 0").IncludeProperties(r => new { r.StudyId, r.Status, r.ReceivedAt });
            result.HasIndex(r => new { r.TenantId, r.EdhMl }).HasFilter("edh_ml > 0").IncludeProperties(r => new { r.StudyId, r.Status, r.ReceivedAt });
            result.HasIndex(r => new { r.TenantId, r.SdhMl }).HasFilter("sdh_ml > 0").IncludeProperties(r => new { r.StudyId, r.Status, r.ReceivedAt });
            result.HasIndex(r => new { r.TenantId, r.TotalMl }).IncludeProperties(r => new { r.StudyId, r.Status, r.ReceivedAt });
        });
    }

    /// <summary>For dotnet-ef, which must not start the host to add a migration.</summary>
    private sealed class DesignTimeFactory : IDesignTimeDbContextFactory<PostgresHemoDbContext>
    {
        public PostgresHemoDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder().UseNpgsql("Host=localhost").UseSnakeCaseNamingConvention().Options, Caller.System);
    }
}
