using System.Text.Json.Serialization;
using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Imaging.Quantification;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Results;

/// <summary>The ICH score of what the caller knows and the volume that was measured. Nothing of it is stored.</summary>
public static class ScoreIch
{
    private const int HighestAgeYears = 130;

    public static async Task<Results<Ok<IchScoreDocument>, Problem>> Handle(IchScoreRequest request, HemoDbContext db, CancellationToken cancellationToken)
    {
        if (request.GlasgowComaScale is < IchScore.LowestComaScale or > IchScore.HighestComaScale)
        {
            return Invalid("glasgowComaScale", $"{IchScore.LowestComaScale} to {IchScore.HighestComaScale}");
        }

        if (request.AgeYears is < 0 or > HighestAgeYears)
        {
            return Invalid("ageYears", $"0 to {HighestAgeYears}");
        }

        double? volumeMl = null;
        if (request.StudyId is { } studyId)
        {
            var (result, problem) = await ResultReader.Read(db, studyId, cancellationToken);
            if (result is null)
            {
                return problem!;
            }

            // Where no intracerebral blood was found there is no volume to score: nothing found is not the same as little blood.
            volumeMl = result.IchMl > 0 ? result.IchMl : null;
        }

        var score = IchScore.Of(
            request.GlasgowComaScale, request.AgeYears, request.IntraventricularHemorrhage, request.InfratentorialOrigin, volumeMl);
        return TypedResults.Ok(IchScoreDocument.Of(score, volumeMl));
    }

    private static Problem Invalid(string field, string range) => new Fault(
        FaultCodes.RequestInvalid, $"{field} is out of range.", $"Send a whole number of {range}, or leave it out.").ToProblem();
}

/// <summary>What the caller knows. Members that are none of its own are refused: a misspelt one would be missing from the score.</summary>
/// <param name="StudyId">The study whose intracerebral volume counts.</param>
/// <param name="GlasgowComaScale">3 to 15.</param>
/// <param name="AgeYears">0 to 130.</param>
/// <param name="IntraventricularHemorrhage">Whether there is blood in the ventricles; the model does not tell.</param>
/// <param name="InfratentorialOrigin">Whether the hemorrhage began below the tentorium; the model does not tell.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record IchScoreRequest(
    Guid? StudyId = null,
    int? GlasgowComaScale = null,
    int? AgeYears = null,
    bool? IntraventricularHemorrhage = null,
    bool? InfratentorialOrigin = null) : IAuditSubject
{
    Guid? IAuditSubject.AuditedStudy => StudyId;
}

/// <summary>The ICH score (Hemphill et al. 2001), 0 to 6, without what it may mean.</summary>
/// <param name="Status">`complete`, or `incomplete` where an item is missing.</param>
/// <param name="Score">Absent while incomplete.</param>
/// <param name="Missing">Items that were not sent; `volumeMl` where there is no study, or no intracerebral hemorrhage was found in it.</param>
/// <param name="VolumeMl">The measured volume that was scored.</param>
/// <param name="Reference">Where the score was published.</param>
public sealed record IchScoreDocument(
    IchScoreStatus Status,
    int? Score,
    IReadOnlyList<IchScoreItemDocument> Items,
    IReadOnlyList<string> Missing,
    double? VolumeMl,
    string Reference)
{
    public static IchScoreDocument Of(IchScore score, double? volumeMl) => new(
        score.Score is null ? IchScoreStatus.Incomplete : IchScoreStatus.Complete,
        score.Score,
        [.. score.Items.Select(item => new IchScoreItemDocument(
            item.Name, item.Points, item.Name == "volumeMl" ? IchScoreSource.Measured : IchScoreSource.Caller))],
        score.Missing,
        volumeMl,
        GuidelineCriteria.IchScoreReference);
}

/// <param name="Points">Absent where the item is missing.</param>
/// <param name="Source">Who the item comes from.</param>
public sealed record IchScoreItemDocument(string Name, int? Points, IchScoreSource Source);

public enum IchScoreStatus
{
    Complete,
    Incomplete,
}

public enum IchScoreSource
{
    Caller,
    Measured,
}
