using Hangfire;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Shadow;

/// <summary>Watches over shadow runs; those of a queue that died with its process are found here too.</summary>
public sealed class ShadowWatch(
    HemoDatabase database,
    ShadowQueue queue,
    ShadowTransitions transitions,
    RunningJobs running,
    JobStorage hangfire,
    IOptions<JobsOptions> options,
    TimeProvider time,
    ILogger<ShadowWatch> log) : WorkWatch<ShadowRun>(database, running, hangfire, options, time, log)
{
    protected override Task<bool> TakeOver(Abandoned row) => transitions.TakeOver(row.Claim, row.SeenAt);

    protected override async Task QueueAgain(Abandoned row)
    {
        if (row.Status == JobStatus.Queued || await transitions.QueueAgain(row.Claim))
        {
            queue.Enqueue(row.Id);
        }
    }
}
