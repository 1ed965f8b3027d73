using HemoApi.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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

    public DbSet<SavedQuery> Queries => Set<SavedQuery>();

    public DbSet<ShadowRun> ShadowRuns => Set<ShadowRun>();

    public DbSet<Change> Changes => Set<Change>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

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

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ReplaceService<IModelCacheKeyFactory, TenantModels>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Tenant>().HasIndex(t => t.Name).IsUnique();

        modelBuilder.Entity<ApiKey>(key =>
        {
            ShowOnlyTheTenantsOwn(key);
            key.HasIndex(k => k.KeyId).IsUnique();
            key.HasOne<Tenant>().WithMany().HasForeignKey(k => k.TenantId);
            key.Property(k => k.Scopes).AsJson();
        });

        modelBuilder.Entity<Study>(study =>
        {
            ShowOnlyTheTenantsOwn(study);
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
            ShowOnlyTheTenantsOwn(job);
            job.HasOne(j => j.Study).WithMany(s => s.Jobs).HasForeignKey(j => j.StudyId);

            // The only one that starts with the status: between two, the database would choose by how many jobs it thinks are waiting.
            job.HasIndex(j => new { j.Status, j.TenantId, j.Priority, j.QueuedAt, j.Id });
            job.Property(j => j.Status).HasConversion<string>();
            job.Property(j => j.Priority).HasConversion<int>();
            job.Property(j => j.StageSeconds).AsJson();
        });

        modelBuilder.Entity<StudyResult>(result =>
        {
            result.HasKey(r => r.JobId);
            ShowOnlyTheTenantsOwn(result);
            result.HasOne<Job>().WithOne().HasForeignKey<StudyResult>(r => r.JobId);
            result.HasIndex(r => r.StudyId);

            // In the order of an export and of lists, and with all that they and the analytics ask for: the table itself is not read.
            result.HasIndex(r => new
            {
                r.TenantId, r.Status, r.ReceivedAt, r.JobId, r.ReceivedMonth, r.Site, r.ModelId, r.ModelVersion, r.ModelSha256, r.IchMl, r.EdhMl, r.SdhMl, r.TotalMl, r.StudyId,
            }).HasDatabaseName("ix_results_analytics");
            result.Property(r => r.Status).HasConversion<string>();
        });

        modelBuilder.Entity<ReferenceMask>(reference =>
        {
            ShowOnlyTheTenantsOwn(reference);
            reference.HasOne(r => r.Study).WithMany().HasForeignKey(r => r.StudyId);
            reference.HasIndex(r => new { r.StudyId, r.Reader }).IsUnique();
            reference.Property(r => r.Status).HasConversion<string>();
        });

        modelBuilder.Entity<Evaluation>(evaluation =>
        {
            ShowOnlyTheTenantsOwn(evaluation);
            evaluation.HasOne<Tenant>().WithMany().HasForeignKey(e => e.TenantId);
            evaluation.HasIndex(e => new { e.TenantId, e.CreatedAt });
            evaluation.HasIndex(e => e.Status);
            evaluation.Property(e => e.Status).HasConversion<string>();
            evaluation.Property(e => e.Cases).AsJson();
            evaluation.Property(e => e.SavedQueries).AsJson();
        });

        modelBuilder.Entity<SavedQuery>(query =>
        {
            ShowOnlyTheTenantsOwn(query);
            query.HasOne<Tenant>().WithMany().HasForeignKey(q => q.TenantId);
            query.HasIndex(q => new { q.TenantId, q.Name }).IsUnique();
            query.HasIndex(q => new { q.TenantId, q.CreatedAt });
            query.Property(q => q.Filter).AsJson();
        });

        modelBuilder.Entity<ShadowRun>(run =>
        {
            ShowOnlyTheTenantsOwn(run);
            run.HasOne<Study>().WithMany().HasForeignKey(r => r.StudyId);
            run.HasIndex(r => new { r.JobId, r.ModelId }).IsUnique();
            run.HasIndex(r => new { r.Status, r.CreatedAt });
            run.HasIndex(r => new { r.TenantId, r.Status, r.DifferentMl, r.Id });
            run.Property(r => r.Status).HasConversion<string>();
            run.Property(r => r.Volumes).AsJson();
        });

        modelBuilder.Entity<Change>(change =>
        {
            change.HasKey(c => new { c.TenantId, c.Sequence });
            ShowOnlyTheTenantsOwn(change);
            change.HasOne<Tenant>().WithMany().HasForeignKey(c => c.TenantId);
        });

        modelBuilder.Entity<Webhook>(webhook =>
        {
            ShowOnlyTheTenantsOwn(webhook);
            webhook.HasOne<Tenant>().WithMany().HasForeignKey(w => w.TenantId);
            webhook.Property(w => w.Events).AsJson();
        });

        modelBuilder.Entity<WebhookDelivery>(delivery =>
        {
            ShowOnlyTheTenantsOwn(delivery);
            delivery.HasOne<Webhook>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Cascade);
            delivery.HasIndex(d => new { d.WebhookId, d.Sequence });
            delivery.HasIndex(d => new { d.Status, d.DueAt });
            delivery.Property(d => d.Status).HasConversion<string>();
        });

        // Two triggers of the migration refuse changes and deletions of entries. A migration that rebuilds the table must make them again.
        modelBuilder.Entity<AuditEntry>(entry =>
        {
            ShowOnlyTheTenantsOwn(entry);
            entry.HasKey(e => new { e.TenantId, e.Sequence });
            entry.HasIndex(e => new { e.TenantId, e.StudyId, e.Sequence });
            entry.HasIndex(e => new { e.TenantId, e.Caller, e.Sequence });
            entry.HasIndex(e => new { e.TenantId, e.At });
        });

        modelBuilder.Entity<AuditHead>(head =>
        {
            head.HasKey(h => h.TenantId);
            head.Property(h => h.TenantId).ValueGeneratedNever();
        });

        modelBuilder.Entity<IdempotencyRecord>(record =>
        {
            ShowOnlyTheTenantsOwn(record);
            record.HasIndex(r => new { r.TenantId, r.Key }).IsUnique();
        });
    }

    /// <summary>Every row that belongs to a tenant, to that tenant only. The service itself has a model without the filter: an "or" in the filter would keep
    /// the database from using any index.</summary>
    private void ShowOnlyTheTenantsOwn<T>(EntityTypeBuilder<T> entity)
        where T : class, ITenantOwned
    {
        if (!SeesAllTenants)
        {
            entity.HasQueryFilter(row => row.TenantId == VisibleTenant);
        }
    }

    private sealed class TenantModels : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (context.GetType(), designTime, ((HemoDbContext)context).SeesAllTenants);
    }

    private void RefuseForeignRows()
    {
        if (!SeesAllTenants && ChangeTracker.Entries<ITenantOwned>().Any(e => e.Entity.TenantId != VisibleTenant))
        {
            throw new InvalidOperationException("a caller's context holds a row of another tenant");
        }
    }
}
