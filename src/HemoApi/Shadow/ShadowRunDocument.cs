using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Shadow;

/// <summary>One study measured by two models. Not a result of the study.</summary>
/// <param name="JobId">The job whose result it is held against.</param>
/// <param name="Model">The shadow model.</param>
/// <param name="DifferentMl">Volume of the voxels that the two masks label differently.</param>
/// <param name="Volumes">One for each type.</param>
public sealed record ShadowRunDocument(
    Guid ShadowRunId,
    Guid StudyId,
    Guid JobId,
    Results.ModelReference Model,
    double DifferentMl,
    IReadOnlyList<ShadowVolume> Volumes,
    DateTimeOffset? FinishedAt,
    ShadowRunLinks Links)
{
    public static ShadowRunDocument Of(ShadowRun run) => new(
        run.Id,
        run.StudyId,
        run.JobId,
        new Results.ModelReference(run.ModelId, run.ModelVersion, run.ModelSha256),
        run.DifferentMl,
        run.Volumes,
        run.FinishedAt,
        new ShadowRunLinks(StudyLinks.StudyPath(run.StudyId), $"{StudyLinks.StudyPath(run.StudyId)}/results"));
}

public sealed record ShadowRunLinks(string Study, string Results);

/// <param name="NextCursor">For the next page; absent on the last one.</param>
public sealed record ShadowRunPage(IReadOnlyList<ShadowRunDocument> Items, string? NextCursor);
