using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Shadow;

/// <summary>Every change of a shadow run's status.</summary>
public sealed class ShadowTransitions(HemoDatabase database, JobSignals signals, TimeProvider time, IOptions<JobsOptions> options)
    : WorkTransitions<ShadowRun>(database, signals, time, options, "The shadow run", "The study's own results are not touched by it; look at the shadow model.")
{
    /// <summary>Running → succeeded. False where the study was deleted or the run taken over meanwhile: then nothing is kept.</summary>
    public Task<bool> Succeed(Claim claim, ShadowComparison found) => Change(claim, held => held.ExecuteUpdateAsync(set => set
        .SetProperty(r => r.Status, JobStatus.Succeeded)
        .SetProperty(r => r.StartsWithoutEnd, 0)
        .SetProperty(r => r.Progress, 1)
        .SetProperty(r => r.ModelVersion, found.Model.Version)
        .SetProperty(r => r.ModelSha256, found.Model.Sha256)
        .SetProperty(r => r.Volumes, found.Volumes)
        .SetProperty(r => r.DifferentMl, found.DifferentMl)
        .SetProperty(r => r.FinishedAt, Time.GetUtcNow())));
}
