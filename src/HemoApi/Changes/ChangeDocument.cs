using HemoApi.Jobs;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Changes;

/// <summary>One change of a tenant's studies and jobs.</summary>
/// <param name="Sequence">1, 2, 3 … without gaps, in the order of the changes.</param>
/// <param name="Type">study.created, study.deleted, job.queued, job.running, job.succeeded, job.failed, job.cancelled or job.deadLettered;
/// ignore those that you do not know.</param>
/// <param name="JobId">Absent where it concerns the study as a whole.</param>
/// <param name="At">When it happened.</param>
public sealed record ChangeDocument(long Sequence, string Type, Guid StudyId, Guid? JobId, DateTimeOffset At, ChangeLinks Links)
{
    public static ChangeDocument Of(Change change) => new(
        change.Sequence,
        change.Type,
        change.StudyId,
        change.JobId,
        change.At,
        new ChangeLinks(StudyLinks.StudyPath(change.StudyId), change.JobId is { } job ? JobLinks.JobPath(job) : null));
}

public sealed record ChangeLinks(string Study, string? Job);

/// <param name="NextCursor">The <c>since</c> of the next request, also where there is nothing new: keep it with what you made of the items.</param>
/// <param name="HasMore">There are further changes already.</param>
public sealed record ChangePage(IReadOnlyList<ChangeDocument> Items, string NextCursor, bool HasMore);
