using HemoApi.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace HemoApi.Storage;

/// <summary>The embedded default. Migrations are in Migrations/Sqlite.</summary>
public sealed class SqliteHemoDbContext(DbContextOptions options, Caller caller) : HemoDbContext(options, caller)
{
    // SQLite can neither order nor compare a DateTimeOffset.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();

    private sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks,
        ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    /// <summary>For dotnet-ef, which must not start the host to add a migration.</summary>
    private sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SqliteHemoDbContext>
    {
        public SqliteHemoDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder().UseSqlite("Data Source=:memory:").UseSnakeCaseNamingConvention().Options, Caller.System);
    }
}
