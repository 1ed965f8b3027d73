using HemoApi.Imaging;
using Microsoft.AspNetCore.Http.Metadata;

namespace HemoApi.Hosting;

/// <summary>What the tables of routes say of each route, for the API document and for the guard at the door.</summary>
public static class EndpointDescriptions
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string operationId, string summary, string description) =>
        route.WithName(operationId).WithSummary(summary).WithDescription(description);

    /// <summary>Only callers with this scope get in.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, string scope) => route.RequireAuthorization(scope);

    /// <summary>The codes of the problems that the route can answer, beside 401, 403 and 500.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params string[] codes) => route.WithMetadata(new RefusalCodes(codes));

    public static RouteHandlerBuilder ProducesExport(this RouteHandlerBuilder route) => route
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(FileStream), [Analytics.ExportResults.CsvType, Analytics.ExportResults.ParquetType]));

    public static RouteHandlerBuilder ProducesNifti(this RouteHandlerBuilder route) => route
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(FileStream), ["application/gzip"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status206PartialContent, typeof(FileStream), ["application/gzip"]))
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified))
        .WithMetadata(new RefusalStatus(StatusCodes.Status416RangeNotSatisfiable, FaultCodes.RequestInvalid));
}

/// <summary>Endpoint metadata: fault codes that the endpoint can answer.</summary>
public sealed record RefusalCodes(IReadOnlyList<string> Codes);

/// <summary>Endpoint metadata: a code that leaves under another status than its own.</summary>
public sealed record RefusalStatus(int Status, string Code);
