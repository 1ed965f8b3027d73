using HemoApi.Hosting;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Storage;

/// <summary>The database as one caller may see it: rows of other tenants do not exist. Provider-independent; each provider has
/// a subclass, because migrations are found by the type of their context.</summary>
public abstract class HemoDbContext(DbContextOptions options, Caller caller) : DbContext(options)
{
    public DbSet<Tenant> Tenants => Set<Tenant>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<Study> Studies => Set<Study>();

    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<StudyResult> Results => Set<StudyResult>();

    public DbSet<ReferenceMask> References => Set<ReferenceMask>();

    public DbSet<Evaluation> Evaluations => Set<Evaluation>();

    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();

    private bool SeesAllTenants => caller.IsSystem;

    private Guid VisibleTenant => caller.TenantId;

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RefuseForeignRows();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseForeignRows();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Tenant>().HasIndex(t => t.Name).IsUnique();

        modelBuilder.Entity<ApiKey>(key =>
        {
            key.HasIndex(k => k.KeyId).IsUnique();
            key.HasOne<Tenant>().WithMany().HasForeignKey(k => k.TenantId);
            key.Property(k => k.Scopes).AsJson();
        });

        modelBuilder.Entity<Study>(study =>
        {
            study.HasQueryFilter(s => SeesAllTenants || s.TenantId == VisibleTenant);
            study.HasOne<Tenant>().WithMany().HasForeignKey(s => s.TenantId);
            study.HasIndex(s => new { s.TenantId, s.Fingerprint }).IsUnique();
            study.HasIndex(s => new { s.TenantId, s.CreatedAt, s.Id });
            study.HasIndex(s => new { s.TenantId, s.StudyInstanceUid });
            study.HasIndex(s => new { s.TenantId, s.PatientId });
            study.Property(s => s.Status).HasConversion<string>();
            study.Property(s => s.Files).AsJson();
            study.Property(s => s.Series).AsJson();
            study.Property(s => s.UsedEntries).AsJson();
        });

        modelBuilder.Entity<Job>(job =>
        {
            job.HasQueryFilter(j => SeesAllTenants || j.TenantId == VisibleTenant);
            job.HasOne(j => j.Study).WithMany(s => s.Jobs).HasForeignKey(j => j.StudyId);
            job.HasIndex(j => new { j.Status, j.Priority, j.QueuedAt });
            job.Property(j => j.Status).HasConversion<string>();
            job.Property(j => j.Priority).HasConversion<int>();
            job.Property(j => j.StageSeconds).AsJson();
        });

        modelBuilder.Entity<StudyResult>(result =>
        {
            result.HasKey(r => r.JobId);
            result.HasQueryFilter(r => SeesAllTenants || r.TenantId == VisibleTenant);
            result.HasOne<Job>().WithOne().HasForeignKey<StudyResult>(r => r.JobId);
            result.HasIndex(r => r.StudyId);
            result.Property(r => r.Status).HasConversion<string>();
        });

        modelBuilder.Entity<ReferenceMask>(reference =>
        {
            reference.HasQueryFilter(r => SeesAllTenants || r.TenantId == VisibleTenant);
            reference.HasOne(r => r.Study).WithMany().HasForeignKey(r => r.StudyId);
            reference.HasIndex(r => new { r.StudyId, r.Reader }).IsUnique();
            reference.Property(r => r.Status).HasConversion<string>();
        });

        modelBuilder.Entity<Evaluation>(evaluation =>
        {
            evaluation.HasQueryFilter(e => SeesAllTenants || e.TenantId == VisibleTenant);
            evaluation.HasOne<Tenant>().WithMany().HasForeignKey(e => e.TenantId);
            evaluation.HasIndex(e => new { e.TenantId, e.CreatedAt });
            evaluation.HasIndex(e => e.Status);
            evaluation.Property(e => e.Status).HasConversion<string>();
            evaluation.Property(e => e.Cases).AsJson();
        });

        modelBuilder.Entity<IdempotencyRecord>(record =>
        {
            record.HasQueryFilter(r => SeesAllTenants || r.TenantId == VisibleTenant);
            record.HasIndex(r => new { r.TenantId, r.Key }).IsUnique();
        });
    }

    private void RefuseForeignRows()
    {
        if (!SeesAllTenants && ChangeTracker.Entries<ITenantOwned>().Any(e => e.Entity.TenantId != VisibleTenant))
        {
            throw new InvalidOperationException("a caller's context holds a row of another tenant");
        }
    }
}
