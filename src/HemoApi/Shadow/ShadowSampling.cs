using System.Buffers.Binary;
using HemoApi.Hosting;
using HemoApi.Jobs;
using HemoApi.Models;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Shadow;

/// <summary>Chooses finished jobs whose study the shadow model measures too.</summary>
public sealed partial class ShadowSampling(
    HemoDatabase database,
    ModelHost models,
    ShadowQueue queue,
    HemoMetrics metrics,
    IOptions<ModelsOptions> options,
    TimeProvider time,
    ILogger<ShadowSampling> log)
{
    /// <summary>For a job that has succeeded. Does not throw: the answer is given, and no shadow may fall on it.</summary>
    public async Task Offer(Guid jobId, StoredResult result)
    {
        if (options.Value.Shadow is not { Length: > 0 } shadow || !IsSampled(jobId, options.Value.ShadowShare))
        {
            return;
        }

        try
        {
            // A job that asked for the shadow model itself has nothing to be compared with.
            if (models.Registry.Find(shadow)?.Manifest.Sha256 != result.Model.Sha256)
            {
                await Add(jobId, shadow);
            }
        }
        catch (Exception e)
        {
            var code = JobFaults.Of(e).Code;
            metrics.ShadowEnded(JobStatus.Failed, code);
            LogNotAdded(log, jobId, code, e.Shape());
        }
    }

    /// <summary>By the random bits of the id, so that the same job is chosen again wherever it is asked for.</summary>
    internal static bool IsSampled(Guid jobId, double share)
    {
        Span<byte> bytes = stackalloc byte[16];
        jobId.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) < share * (1L << 32);
    }

    private async Task Add(Guid jobId, string shadow)
    {
        await using var db = database.OpenAsSystem();
        var job = await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
        var run = new ShadowRun { TenantId = job.TenantId, StudyId = job.StudyId, JobId = jobId, ModelId = shadow, CreatedAt = time.GetUtcNow() };
        db.Add(run);
        await db.SaveChangesAsync();
        queue.Enqueue(run.Id);
    }

    [LoggerMessage(LogLevel.Error, "Job {JobId} gets no shadow run: {Code} {Shape}")]
    private static partial void LogNotAdded(ILogger log, Guid jobId, string code, string shape);
}
