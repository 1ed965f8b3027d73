using System.Runtime.CompilerServices;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Housekeeping;

/// <summary>Rows whose blobs are gone. Nothing of an accepted study is ever deleted here: what can't be served any more is marked as failed, with a code
/// that says why, and a backup of the blobs or a retry can bring it back.</summary>
public sealed class RowOrphans(HemoDatabase database, IBlobStore blobs, TimeProvider time)
{
    private const int PageSize = 500;

    public async IAsyncEnumerable<Orphan> Find(DateTimeOffset before, bool fix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var studies = Pages(db.Studies.Where(s => s.Status == StudyStatus.Stored && s.CreatedAt < before), s => new Row { Id = s.Id, TenantId = s.TenantId, StudyId = s.Id }, cancellationToken);
        await foreach (var row in studies)
        {
            if (await Missing(BlobKeys.Upload(row.Id)))
            {
                var jobs = db.Jobs.Where(j => j.StudyId == row.Id && (j.Status == JobStatus.Queued || j.Status == JobStatus.Failed));
                yield return new Orphan(OrphanKinds.Upload, row.Id.ToString(), row.TenantId, row.StudyId, fix && await Fail(jobs) > 0);
            }
        }

        var results = Pages(db.Results.Where(r => r.Status == ResultStatus.Complete && r.CompletedAt < before), r => new Row { Id = r.JobId, TenantId = r.TenantId, StudyId = r.StudyId }, cancellationToken);
        await foreach (var row in results)
        {
            if (await Missing(BlobKeys.Document(row.Id), BlobKeys.Mask(row.Id), BlobKeys.Image(row.Id)))
            {
                var jobs = db.Jobs.Where(j => j.Id == row.Id && j.Status == JobStatus.Succeeded);
                yield return new Orphan(OrphanKinds.Result, row.Id.ToString(), row.TenantId, row.StudyId, fix && await Fail(jobs) > 0);
            }
        }

        var references = Pages(db.References.Where(r => r.Status == ResultStatus.Complete && r.CreatedAt < before), r => new Row { Id = r.Id, TenantId = r.TenantId, StudyId = r.StudyId }, cancellationToken);
        await foreach (var row in references)
        {
            if (await Missing(BlobKeys.ReferenceMask(row.StudyId!.Value, row.Id)))
            {
                yield return new Orphan(OrphanKinds.Reference, row.Id.ToString(), row.TenantId, row.StudyId, false);
            }
        }

        var evaluations = Pages(db.Evaluations.Where(e => e.Status == JobStatus.Succeeded && e.FinishedAt < before), e => new Row { Id = e.Id, TenantId = e.TenantId, StudyId = null }, cancellationToken);
        await foreach (var row in evaluations)
        {
            if (await Missing(BlobKeys.EvaluationFile(row.Id, Evaluations.EvaluationFiles.Results)))
            {
                var rows = db.Evaluations.Where(e => e.Id == row.Id && e.Status == JobStatus.Succeeded);
                yield return new Orphan(OrphanKinds.Evaluation, row.Id.ToString(), row.TenantId, null, fix && await Fail(rows) > 0);
            }
        }

        async Task<bool> Missing(params string[] keys)
        {
            foreach (var key in keys)
            {
                if (!await blobs.Exists(key, cancellationToken))
                {
                    return true;
                }
            }

            return false;
        }

        Task<int> Fail<T>(IQueryable<T> rows)
            where T : QueuedWork => rows.ExecuteUpdateAsync(
                set => set
                    .SetProperty(w => w.Status, JobStatus.Failed)
                    .SetProperty(w => w.ErrorCode, StorageFaults.Missing.Code)
                    .SetProperty(w => w.ErrorDetail, StorageFaults.Missing.Detail)
                    .SetProperty(w => w.ErrorRemedy, StorageFaults.Missing.Remedy)
                    .SetProperty(w => w.FinishedAt, time.GetUtcNow()),
                cancellationToken);
    }

    /// <summary>By keyset, so that memory does not grow with the table and what is changed meanwhile shifts nothing.</summary>
    private static async IAsyncEnumerable<Row> Pages<T>(
        IQueryable<T> rows, System.Linq.Expressions.Expression<Func<T, Row>> select, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Guid? last = null;
        while (true)
        {
            var selected = rows.Select(select);
            var page = await (last is { } after ? selected.Where(r => r.Id > after) : selected).OrderBy(r => r.Id).Take(PageSize).ToListAsync(cancellationToken);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            last = page[^1].Id;
        }
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }

        public required Guid TenantId { get; init; }

        public required Guid? StudyId { get; init; }
    }
}
