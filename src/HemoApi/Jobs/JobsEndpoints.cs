using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Jobs;

public static class JobsEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs/{id:guid}").WithTags("Jobs");

        jobs.MapGet("", GetJob.Handle)
            .Describe("getJob", "Get a job", "The job's state. With `waitSeconds` the answer is held back until the status changes or the time is over (long polling).")
            .NotAudited("How far it is, without results or patient data; clients poll it.")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound, FaultCodes.Gone);

        jobs.MapGet("/events", StreamJobEvents.Handle)
            .Describe("streamJobEvents", "Follow a job", "Server-sent events of type `job`: the job's document at once and at each change, until it has ended.")
            .NotAudited("As the job itself.")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.NotFound, FaultCodes.Gone);

        jobs.MapPost("/cancel", CancelJob.Handle)
            .Describe("cancelJob", "Cancel a job", "A queued job is cancelled at once; a running one is asked to stop and ends as soon as it can.")
            .Audited("job.cancel")
            .Needs(Scopes.StudiesWrite)
            .Refuses(FaultCodes.NotFound, FaultCodes.JobState, FaultCodes.Gone);

        jobs.MapPost("/retry", RetryJob.Handle)
            .Describe("retryJob", "Retry a job", "Queues a failed, cancelled or deadLettered job again.")
            .Audited("job.retry")
            .Needs(Scopes.StudiesWrite)
            .Refuses(FaultCodes.NotFound, FaultCodes.JobState, FaultCodes.Gone);
    }
}
