using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using HemoApi.Analytics;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Audit;

/// <summary>The tenant's audit trail as CSV, made while it is sent.</summary>
public static class ExportAudit
{
    public static ExportedAudit Handle([AsParameters] AuditQuery query, HemoDbContext db) => new(db, query);
}

/// <summary>CSV by RFC 4180, UTF-8, the newest first. A failure after its first bytes breaks the connection off, so that no half file passes for a whole.</summary>
public sealed class ExportedAudit(HemoDbContext db, AuditQuery query) : IResult
{
    public const string Header = "sequence,at,caller,action,status,studyId,subject,detail,address,previousHash,hash";

    private const string LineEnd = "\r\n";
    private const int PageSize = 1000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{ExportResults.CsvType}; charset=utf-8; header=present";
        response.Headers.ContentDisposition = "attachment; filename=audit.csv";
        await Write(response.BodyWriter, httpContext.RequestAborted);
    }

    private async Task Write(PipeWriter output, CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes(Header + LineEnd, output);
        long? before = null;
        while (true)
        {
            var page = await query.Of(db, before).Take(PageSize).ToListAsync(cancellationToken);
            foreach (var entry in page)
            {
                Encoding.UTF8.GetBytes(Line(entry), output);
            }

            await output.FlushAsync(cancellationToken);
            if (page.Count < PageSize)
            {
                return;
            }

            before = page[^1].Sequence;
        }
    }

    private static string Line(AuditEntry e) => string.Create(
        CultureInfo.InvariantCulture,
        $"{e.Sequence},{e.At.UtcDateTime:O},{ResultsCsv.Quoted(e.Caller)},{e.Action},{e.Status},{e.StudyId},{ResultsCsv.Quoted(e.Subject)},{ResultsCsv.Quoted(e.Detail)},{e.Address},")
        + $"{Convert.ToHexStringLower(e.PreviousHash)},{Convert.ToHexStringLower(e.Hash)}{LineEnd}";
}
