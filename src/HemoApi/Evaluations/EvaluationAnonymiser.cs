using System.Text;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Evaluations;

/// <summary>Forgets deleted studies in evaluations. Their statistics stand, because they are of the cohort; the figures of the deleted study's case
/// stay among them under a random id that is kept nowhere else, so that they are no one's.</summary>
public sealed class EvaluationAnonymiser(HemoDatabase database, IBlobStore blobs)
{
    private static readonly string[] TextFiles = [EvaluationFiles.Results, EvaluationFiles.Cases, EvaluationFiles.Report];

    /// <summary>In every evaluation of the tenant that does not run at the moment; those that run see to it at their end.</summary>
    /// <returns>How many held the study.</returns>
    public async Task<int> Forget(Guid tenantId, Guid studyId, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        List<Guid> holders = [];
        var evaluations = db.Evaluations.AsNoTracking().Where(e => e.TenantId == tenantId).Select(e => new { e.Id, e.Cases }).AsAsyncEnumerable();
        await foreach (var evaluation in evaluations.WithCancellation(cancellationToken))
        {
            if (evaluation.Cases.Any(c => c.StudyId == studyId))
            {
                holders.Add(evaluation.Id);
            }
        }

        foreach (var id in holders)
        {
            await Replace(id, [studyId], cancellationToken);
        }

        return holders.Count;
    }

    /// <summary>At the end of a run: studies of the cohort that were deleted while it ran.</summary>
    public async Task ForgetDeleted(Guid evaluationId, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        if (await db.Evaluations.AsNoTracking().SingleOrDefaultAsync(e => e.Id == evaluationId, cancellationToken) is not { } evaluation)
        {
            return;
        }

        var ids = evaluation.Cases.Select(c => c.StudyId).ToList();
        var deleted = await db.Studies.Where(s => ids.Contains(s.Id) && s.DeletedAt != null).Select(s => s.Id).ToListAsync(cancellationToken);
        if (deleted.Count > 0)
        {
            await Replace(evaluationId, deleted, cancellationToken);
        }
    }

    private async Task Replace(Guid evaluationId, IReadOnlyList<Guid> studies, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // Holds the row until the files are written, so that of two deletions the second starts from what the first wrote.
        var row = db.Evaluations.Where(e => e.Id == evaluationId && e.Status != JobStatus.Running);
        if (await row.ExecuteUpdateAsync(set => set.SetProperty(e => e.Progress, e => e.Progress), cancellationToken) == 0)
        {
            return;
        }

        var cases = await row.Select(e => e.Cases).SingleAsync(cancellationToken);
        foreach (var study in studies.Where(study => cases.Any(c => c.StudyId == study)))
        {
            var standIn = Guid.NewGuid();
            await RewriteFiles(evaluationId, study, standIn, cancellationToken);
            cases = [.. cases.Select(c => c.StudyId == study ? c with { StudyId = standIn } : c)];
        }

        await row.ExecuteUpdateAsync(set => set.SetProperty(e => e.Cases, cases), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task RewriteFiles(Guid evaluationId, Guid study, Guid standIn, CancellationToken cancellationToken)
    {
        foreach (var name in TextFiles)
        {
            var key = BlobKeys.EvaluationFile(evaluationId, name);
            if (await blobs.Open(key, cancellationToken) is not { } file)
            {
                continue;
            }

            string text;
            using (var reader = new StreamReader(file, Encoding.UTF8))
            {
                text = await reader.ReadToEndAsync(cancellationToken);
            }

            var bytes = Encoding.UTF8.GetBytes(text.Replace(study.ToString(), standIn.ToString(), StringComparison.OrdinalIgnoreCase));
            await blobs.Put(key, (stream, ct) => stream.WriteAsync(bytes, ct).AsTask(), cancellationToken);
        }

        var parquet = BlobKeys.EvaluationFile(evaluationId, EvaluationFiles.CasesParquet);
        if (await blobs.Open(parquet, cancellationToken) is { } cases)
        {
            using var rewritten = new MemoryStream();
            await using (cases)
            {
                await EvaluationParquet.RenameStudy(cases, rewritten, study, standIn, cancellationToken);
            }

            await blobs.Put(parquet, (stream, ct) => stream.WriteAsync(rewritten.ToArray(), ct).AsTask(), cancellationToken);
        }
    }
}
