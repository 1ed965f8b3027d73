using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Evaluations;

/// <summary>Every change of an evaluation's status.</summary>
public sealed class EvaluationTransitions(HemoDatabase database, JobSignals signals, TimeProvider time, IOptions<JobsOptions> options)
    : WorkTransitions<Evaluation>(
        database, signals, time, options, "The evaluation", "Report the evaluation's id to whoever runs the service; create it again once the cause is found.")
{
    /// <summary>Running → succeeded. False where it was deleted or taken over meanwhile: then its files are not wanted.</summary>
    public Task<bool> Succeed(Claim claim) => Change(claim, held => held.ExecuteUpdateAsync(set => set
        .SetProperty(e => e.Status, JobStatus.Succeeded)
        .SetProperty(e => e.StartsWithoutEnd, 0)
        .SetProperty(e => e.Progress, 1)
        .SetProperty(e => e.FinishedAt, Time.GetUtcNow())));

    /// <summary>Saves how far a run is. False once it should stop, because the evaluation was deleted or is not its any more.</summary>
    public Task<bool> Progress(Claim claim, double fraction) => Change(claim, held => held
        .ExecuteUpdateAsync(set => set.SetProperty(e => e.Progress, fraction)));
}
