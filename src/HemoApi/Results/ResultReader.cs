using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Jobs;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Results;

public static class ResultReader
{
    /// <summary>The study's latest complete result; else the problem that says why there is none.</summary>
    public static async Task<(StudyResult? Result, Problem? Problem)> Read(HemoDbContext db, Guid studyId, CancellationToken cancellationToken)
    {
        if (!(await StudyReader.Read(db, studyId, cancellationToken)).TryGet(out var study, out var fault))
        {
            return (null, fault.ToProblem());
        }

        var result = await db.Results.AsNoTracking()
            .Where(r => r.StudyId == studyId && r.Status == ResultStatus.Complete)
            .OrderByDescending(r => r.CompletedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return result is null ? (null, NotReady(study.LatestJob())) : (result, null);
    }

    private static Problem NotReady(Job job)
    {
        var path = JobLinks.JobPath(job.Id);
        var open = job.Status is JobStatus.Queued or JobStatus.Running;
        return new Problem(
            new Fault(
                FaultCodes.JobNotReady,
                $"The study's job is {JobFaults.Word(job.Status)}.",
                open ? $"Wait for it with GET {path}?waitSeconds=60." : $"See why with GET {path}; POST {path}/retry runs it again."),
            links: new Dictionary<string, string> { ["job"] = path });
    }
}
