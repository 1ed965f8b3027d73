using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Analytics;

public static class AnalyticsEndpoints
{
    public static void MapAnalytics(this IEndpointRouteBuilder routes)
    {
        var analytics = routes.MapGroup("/analytics").WithTags("Analytics");

        analytics.MapGet("/volumes", GetVolumes.Handle)
            .Describe("getVolumeStatistics", "Volumes of many results", "Counts, sums, percentiles and histograms of the tenant's results, by type, month, site or model.")
            .Audited("analytics.volumes", "groupBy", "from", "to", "hemorrhageType", "minVolumeMl", "site", "model", "queryId")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound);

        analytics.MapGet("/results", ExportResults.Handle)
            .Describe("exportResults", "Export results", "One row for each of the tenant's results, in the order in which their studies were received, as CSV (RFC 4180) or Apache Parquet. No patient data. Streamed: a row that changes meanwhile may be there as it was or as it is.")
            .Audited("analytics.export", "format", "from", "to", "hemorrhageType", "minVolumeMl", "site", "model", "queryId")
            .ProducesExport()
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound);
    }
}
