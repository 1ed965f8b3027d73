using System.Text.Json.Serialization;
using HemoApi.Analytics;
using HemoApi.Imaging;

namespace HemoApi.Queries;

/// <summary>A filter to be saved. Members that are none of its own are refused: a filter that is ignored would let every result through.</summary>
/// <param name="Name">For people, 1 to 200 characters, unique among the tenant's queries. No patient data.</param>
/// <param name="Filter">As in the query string of the analytics; an empty one finds every result.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record QueryRequest(string? Name, AnalyticsFilter? Filter)
{
    private const int LongestName = 200;

    /// <returns>What is wrong with it; null where nothing is.</returns>
    public Fault? Check() =>
        string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName
            ? new(FaultCodes.RequestInvalid, $"The name is missing, blank, or longer than {LongestName} characters.", "Choose one of 1 to 200 characters.")
        : Filter is null ? new(FaultCodes.RequestInvalid, "The filter is missing.", "Send one; an empty one, {}, finds every result.")
        : Filter.Check();
}
