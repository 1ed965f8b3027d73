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

    /// <summary>For dotnet-ef, which must not start the host to add a migration.</summary>
    private sealed class DesignTimeFactory : IDesignTimeDbContextFactory<PostgresHemoDbContext>
    {
        public PostgresHemoDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder().UseNpgsql("Host=localhost").UseSnakeCaseNamingConvention().Options, Caller.System);
    }
}
