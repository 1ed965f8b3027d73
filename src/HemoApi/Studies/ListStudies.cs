using HemoApi.Analytics;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Studies;

/// <summary>The tenant's studies, newest first, a page at a time.</summary>
public static class ListStudies
{
    private const int DefaultLimit = 50;
    private const int MaximumLimit = 200;

    /// <param name="StudyInstanceUid">Only this (0020,000D); where studies are kept under pseudonyms, as the scanner wrote it or as it is kept.</param>
    /// <param name="PatientId">Only this (0010,0020); where studies are kept under pseudonyms, as the scanner wrote it or as it is kept.</param>
    /// <param name="From">Received at this time or later, ISO 8601.</param>
    /// <param name="To">Received before this time, ISO 8601.</param>
    /// <param name="HemorrhageType">ICH, EDH or SDH: only studies whose results have some.</param>
    /// <param name="MinVolumeMl">Only studies with at least this volume of that type, or in total where no type is given.</param>
    /// <param name="Limit">Studies a page, 1 to 200; 50 where absent.</param>
    /// <param name="Cursor">The <c>nextCursor</c> of the page before; leave the other parameters as they were.</param>
    public sealed record Query(
        [FromQuery] string? StudyInstanceUid,
        [FromQuery] string? PatientId,
        [FromQuery] DateTimeOffset? From,
        [FromQuery] DateTimeOffset? To,
        [FromQuery] string? HemorrhageType,
        [FromQuery] double? MinVolumeMl,
        [FromQuery] int? Limit,
        [FromQuery] string? Cursor);

    public static async Task<Results<Ok<StudyPage>, Problem>> Handle(
        [AsParameters] Query query,
        HemoDbContext db,
        Caller caller,
        TenantPseudonyms pseudonyms,
        CancellationToken cancellationToken)
    {
        if (Check(query) is { } fault)
        {
            return fault.ToProblem();
        }

        var limit = query.Limit ?? DefaultLimit;
        var after = query.Cursor is { } cursor ? StudyCursor.Parse(cursor) : null;
        var selected = Select(query, db, caller, pseudonyms, after);
        var results = Filter(query).Narrow(ResultSelection.Complete(db));
        var studies = await (query switch
        {
            { HemorrhageType: null, MinVolumeMl: null } => Newest(selected).Take(limit + 1).ToListAsync(cancellationToken),
            { StudyInstanceUid: null, PatientId: null } => StudiesByResult.Page(results, selected, after, limit + 1, cancellationToken),
            // Few studies: each is asked for its results.
            _ => Newest(selected.Where(s => results.Any(r => r.StudyId == s.Id))).Take(limit + 1).ToListAsync(cancellationToken),
        });
        var page = studies.Take(limit).ToList();
        var next = studies.Count > limit ? new StudyCursor(page[^1].CreatedAt, page[^1].Id).ToString() : null;
        return TypedResults.Ok(new StudyPage([.. page.Select(s => StudyDocument.Of(s, whole: false))], next));
    }

    private static Fault? Check(Query query)
    {
        if (query.Limit is < 1 or > MaximumLimit)
        {
            return Invalid($"limit must be from 1 to {MaximumLimit}.", "Read further pages with nextCursor.");
        }

        if (Filter(query).Check() is { } fault)
        {
            return fault;
        }

        return query.Cursor is { } cursor && StudyCursor.Parse(cursor) is null
            ? Invalid("cursor is not one that this service gave out.", "Use nextCursor of the page before, or leave cursor out to start anew.")
            : null;
    }

    private static IQueryable<Study> Select(Query query, HemoDbContext db, Caller caller, TenantPseudonyms pseudonyms, StudyCursor? after)
    {
        var studies = db.Studies.Where(s => s.Status == StudyStatus.Stored);
        if (query.StudyInstanceUid is { } uid)
        {
            var uids = pseudonyms.Aliases(caller, uid, (p, value) => p.Uid(value));
            studies = studies.Where(s => uids.Contains(s.StudyInstanceUid));
        }

        if (query.PatientId is { } patientId)
        {
            var ids = pseudonyms.Aliases(caller, patientId, (p, value) => p.PatientId(value));
            studies = studies.Where(s => ids.Contains(s.PatientId));
        }

        if (query.From is { } from)
        {
            studies = studies.Where(s => s.CreatedAt >= from.ToUniversalTime());
        }

        if (query.To is { } to)
        {
            studies = studies.Where(s => s.CreatedAt < to.ToUniversalTime());
        }

        if (after is not null)
        {
            // "At or before, and not that one" is a range of the index; an "or" of two ranges would not be one.
            studies = studies.Where(s => s.CreatedAt <= after.CreatedAt && (s.CreatedAt < after.CreatedAt || s.Id < after.Id));
        }

        return studies;
    }

    /// <summary>With their jobs, in the order of every list.</summary>
    internal static IQueryable<Study> Newest(IQueryable<Study> studies) =>
        studies.OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id).Include(s => s.Jobs).AsNoTracking();

    private static AnalyticsFilter Filter(Query query) => new(query.From, query.To, query.HemorrhageType, query.MinVolumeMl, Site: null, Model: null);

    private static Fault Invalid(string detail, string remedy) => new(FaultCodes.RequestInvalid, detail, remedy);
}

/// <param name="NextCursor">For the next page; absent on the last one.</param>
public sealed record StudyPage(IReadOnlyList<StudyDocument> Items, string? NextCursor);
