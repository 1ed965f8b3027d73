using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Results;

/// <summary>Writes results: a pending row, then the blobs; <see cref="Jobs.JobTransitions.Succeed"/> completes the row last,
/// so that a complete row always has its blobs.</summary>
public sealed class ResultStore(HemoDatabase database, IBlobStore blobs)
{
    public async Task<StoredResult> Write(Job job, SegmentationResult result, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await Begin(job, cancellationToken);
        var mask = await Put(BlobKeys.Mask(job.Id), stream => NiftiWriter.WriteMask(result.Mask, stream), cancellationToken);
        var image = await Put(BlobKeys.Image(job.Id), stream => NiftiWriter.WriteImage(result.Image, stream), cancellationToken);
        if (!NiftiWriter.IsOrthogonal(result.Image.Geometry))
        {
            await Put(BlobKeys.OrthogonalMask(job.Id), stream => NiftiWriter.WriteOrthogonalMask(result.Mask, stream), cancellationToken);
            await Put(BlobKeys.OrthogonalImage(job.Id), stream => NiftiWriter.WriteOrthogonalImage(result.Image, stream), cancellationToken);
        }

        var exported = Stopwatch.GetTimestamp();
        var document = ResultsDocument.Of(job, result);
        await Put(BlobKeys.Document(job.Id), stream => JsonSerializer.Serialize(stream, document, Json.Options), cancellationToken);

        double Ml(HemorrhageType type) => result.Quantities.Volumes.Where(v => v.Type == type).Sum(v => v.VolumeMl);
        return new StoredResult(
            Ml(HemorrhageType.Ich),
            Ml(HemorrhageType.Edh),
            Ml(HemorrhageType.Sdh),
            result.Quantities.TotalVolumeMl,
            document.Model,
            mask,
            image,
            new Dictionary<string, double>(result.StageSeconds)
            {
                [Stages.Export] = Stopwatch.GetElapsedTime(start, exported).TotalSeconds,
                [Stages.Store] = Stopwatch.GetElapsedTime(exported).TotalSeconds,
            });
    }

    /// <summary>Removes what a job that did not succeed has written. A complete result stays.</summary>
    public async Task Discard(Guid jobId)
    {
        await using var db = database.OpenAsSystem();
        if (await db.Results.AnyAsync(r => r.JobId == jobId && r.Status == ResultStatus.Complete))
        {
            return;
        }

        await blobs.DeletePrefix(BlobKeys.ResultsPrefix(jobId), CancellationToken.None);
        await db.Results.Where(r => r.JobId == jobId && r.Status == ResultStatus.Pending).ExecuteDeleteAsync();
    }

    private async Task Begin(Job job, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        if (!await db.Results.AnyAsync(r => r.JobId == job.Id, cancellationToken))
        {
            var study = await db.Studies.Where(s => s.Id == job.StudyId).Select(s => new { s.CreatedAt, s.Site }).SingleAsync(cancellationToken);
            db.Results.Add(new StudyResult
            {
                JobId = job.Id,
                TenantId = job.TenantId,
                StudyId = job.StudyId,
                Status = ResultStatus.Pending,
                ReceivedAt = study.CreatedAt,
                ReceivedMonth = StudyResult.MonthOf(study.CreatedAt),
                Site = study.Site,
            });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <returns>SHA-256 of the blob, lower-case hex.</returns>
    private async Task<string> Put(string key, Action<Stream> write, CancellationToken cancellationToken)
    {
        using var sha = SHA256.Create();
        await blobs.Put(
            key,
            (file, _) =>
            {
                using var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true);
                write(hashing);
                return Task.CompletedTask;
            },
            cancellationToken);
        return Convert.ToHexStringLower(sha.Hash!);
    }
}
