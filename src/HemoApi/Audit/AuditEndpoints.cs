using HemoApi.Analytics;
using HemoApi.Hosting;
using HemoApi.Imaging;
using Microsoft.AspNetCore.Http.Metadata;

namespace HemoApi.Audit;

public static class AuditEndpoints
{
    public static void AddAudit(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<AuditTrail>();

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/audit").WithTags("Audit");

        audit.MapGet("", ListAudit.Handle)
            .Describe("listAudit", "Read the audit trail", "Who did what to which study, when and from where: the tenant's own chain, newest first, a page at a time. Each entry's `hash` covers the entry before, so that `HemoApi audit verify` finds what was changed, removed or inserted.")
            .Needs(Scopes.Admin)
            .Audited("audit.read", "studyId", "caller", "action", "from", "to")
            .Refuses(FaultCodes.RequestInvalid);

        audit.MapGet("/export.csv", ExportAudit.Handle)
            .Describe("exportAudit", "Export the audit trail", "Every entry that passes the filter as CSV (RFC 4180), newest first. No patient data.")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(FileStream), [ExportResults.CsvType]))
            .Needs(Scopes.Admin)
            .Audited("audit.export", "studyId", "caller", "action", "from", "to")
            .Refuses(FaultCodes.RequestInvalid);
    }
}
