using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Imaging.Inference;
using HemoApi.Models;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Results;

/// <summary>From a job's row and its stored upload to stored results.</summary>
public sealed class StudySegmenter(HemoDatabase database, IBlobStore blobs, ModelHost models, ResultStore results)
{
    public async Task<Outcome<StoredResult>> Run(Guid jobId, Action<PipelineProgress> progress, CancellationToken cancellationToken)
    {
        var job = await Load(jobId, cancellationToken);
        if (models.Registry.Find(job.ModelId) is not { } model)
        {
            return ModelFaults.Unknown;
        }

        await using var upload = await blobs.OpenExisting(BlobKeys.Upload(job.StudyId), cancellationToken);
        using var zip = new ZipArchive(upload, ZipArchiveMode.Read);
        Stream Open(string name) => zip.GetEntry(name)?.Open()
            ?? throw new InvalidOperationException($"an entry of study {job.StudyId} is missing");

        var rejectedFiles = job.Study!.Files.Count(f => f.Verdict == Verdict.Rejected);
        var segmented = SegmentationPipeline.Run(
            model, job.Study.UsedEntries, Open, job.SeriesInstanceUid, rejectedFiles, progress, cancellationToken);
        if (!segmented.TryGet(out var result, out var fault))
        {
            return fault;
        }

        progress(new PipelineProgress(Stages.Store, 0.98));
        return await results.Write(job, result, cancellationToken);
    }

    private async Task<Job> Load(Guid jobId, CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        return await db.Jobs.AsNoTracking().Include(j => j.Study).SingleAsync(j => j.Id == jobId, cancellationToken);
    }
}
