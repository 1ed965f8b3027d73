using HemoApi.Analytics;
using HemoApi.Imaging;
using HemoApi.References;
using HemoApi.Storage;

namespace HemoApi.Evaluations;

/// <summary>A cohort, a model and a reference.</summary>
/// <param name="Name">For people, up to 200 characters.</param>
/// <param name="Studies">The cohort as a list; instead of it or beside it a query.</param>
/// <param name="SavedQueries">The cohort as saved queries, up to 20, instead of the list or beside it; answered once, when the evaluation is created. Their
/// studies that do not have the reference are left out, and a warning of the result counts them.</param>
/// <param name="Query">The cohort as a query, answered once, when the evaluation is created; of its studies only those that have the reference.</param>
/// <param name="Reference">`majority` or `staple` of all readers of a study, or the code of one reader.</param>
/// <param name="Model">Id of a model; the default model where absent. Studies that were measured by another model are measured again.</param>
/// <param name="OtherModel">A second model, compared with the first on the same cases.</param>
public sealed record EvaluationRequest(
    string? Name,
    IReadOnlyList<CohortCase>? Studies,
    IReadOnlyList<SavedQueryChoice>? SavedQueries,
    CohortQuery? Query,
    string? Reference,
    string? Model,
    string? OtherModel)
{
    private const int LongestName = 200;
    private const int MostSavedQueries = 20;

    /// <returns>What is wrong with it; null where nothing is.</returns>
    public Fault? Check(int maximumStudies)
    {
        if (Name?.Length > LongestName)
        {
            return EvaluationFaults.Invalid($"The name is longer than {LongestName} characters.", "Choose a shorter one.");
        }

        if (Studies is not { Count: > 0 } && SavedQueries is not { Count: > 0 } && Query is null)
        {
            return EvaluationFaults.Invalid("There is neither a list of studies nor a query.", "Name the cohort by studies, by savedQueries, by query, or by several of them.");
        }

        if (SavedQueries?.Count > MostSavedQueries || SavedQueries?.Contains(null!) == true || SavedQueries?.DistinctBy(q => q?.QueryId).Count() < SavedQueries?.Count)
        {
            return EvaluationFaults.Invalid($"savedQueries holds nulls, a query twice, or more than {MostSavedQueries} queries.", "Name each query once.");
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

/// <summary>A saved query whose studies are evaluated.</summary>
/// <param name="Site">Of all studies of the query.</param>
public sealed record SavedQueryChoice(Guid QueryId, CohortSite Site = CohortSite.Internal);

/// <summary>As the filters of the list of studies. Only studies whose results are there.</summary>
/// <param name="From">Received at this time or later.</param>
/// <param name="To">Received before this time.</param>
/// <param name="HemorrhageType">ICH, EDH or SDH: only studies in which the service found some. A cohort that is chosen by what the model found says nothing about what it missed.</param>
/// <param name="MinVolumeMl">Only studies with at least this volume of that type, or in total where no type is given.</param>
/// <param name="Site">Of all studies of the query.</param>
public sealed record CohortQuery(
    DateTimeOffset? From, DateTimeOffset? To, string? HemorrhageType, double? MinVolumeMl, CohortSite Site = CohortSite.Internal)
{
    /// <summary>Of the studies' results.</summary>
    internal AnalyticsFilter Filter => new(From, To, HemorrhageType, MinVolumeMl, Site: null, Model: null);

    public Fault? Check() => Filter.Check();
}
