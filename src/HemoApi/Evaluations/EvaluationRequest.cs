using HemoApi.Imaging;
using HemoApi.Imaging.Masks;
using HemoApi.References;
using HemoApi.Storage;

namespace HemoApi.Evaluations;

/// <summary>A cohort, a model and a reference.</summary>
/// <param name="Name">For people, up to 200 characters.</param>
/// <param name="Studies">The cohort as a list; instead of it or beside it a query.</param>
/// <param name="Query">The cohort as a query, answered once, when the evaluation is created; of its studies only those that have the reference.</param>
/// <param name="Reference">`majority` or `staple` of all readers of a study, or the code of one reader.</param>
/// <param name="Model">Id of a model; the default model where absent. Studies that were measured by another model are measured again.</param>
/// <param name="OtherModel">A second model, compared with the first on the same cases.</param>
public sealed record EvaluationRequest(
    string? Name,
    IReadOnlyList<CohortCase>? Studies,
    CohortQuery? Query,
    string? Reference,
    string? Model,
    string? OtherModel)
{
    private const int LongestName = 200;

    /// <returns>What is wrong with it; null where nothing is.</returns>
    public Fault? Check(int maximumStudies)
    {
        if (Name?.Length > LongestName)
        {
            return EvaluationFaults.Invalid($"The name is longer than {LongestName} characters.", "Choose a shorter one.");
        }

        if (Studies is not { Count: > 0 } && Query is null)
        {
            return EvaluationFaults.Invalid("There is neither a list of studies nor a query.", "Name the cohort by studies, by query, or by both.");
        }

        if (Studies?.Count > maximumStudies || Studies?.Contains(null!) == true)
        {
            return EvaluationFaults.Invalid($"studies holds nulls, or more than {maximumStudies} studies.", "Split the cohort, or ask whoever runs the service to raise Evaluations:MaximumStudies.");
        }

        if (Reference is null || !ReferenceOptions.IsCode(Reference))
        {
            return EvaluationFaults.Invalid("The reference is missing or no code.", "Name majority, staple, or the code of a reader.");
        }

        return Query?.Check();
    }
}

/// <summary>As the filters of the list of studies. Only studies whose results are there.</summary>
/// <param name="From">Received at this time or later.</param>
/// <param name="To">Received before this time.</param>
/// <param name="HemorrhageType">ICH, EDH or SDH: only studies in which the service found some. A cohort that is chosen by what the model found says nothing about what it missed.</param>
/// <param name="MinVolumeMl">Only studies with at least this volume of that type, or in total where no type is given.</param>
/// <param name="Site">Of all studies of the query.</param>
public sealed record CohortQuery(
    DateTimeOffset? From, DateTimeOffset? To, string? HemorrhageType, double? MinVolumeMl, CohortSite Site = CohortSite.Internal)
{
    public Fault? Check() =>
        HemorrhageType is not null && HemorrhageTypes.Find(HemorrhageType) is null
            ? EvaluationFaults.Invalid("hemorrhageType must be ICH, EDH or SDH.", "Leave it out for studies of any type.")
        : MinVolumeMl is { } ml && !(ml >= 0 && double.IsFinite(ml))
            ? EvaluationFaults.Invalid("minVolumeMl must be 0 or more.", "Give a volume in ml.")
        : null;
}
