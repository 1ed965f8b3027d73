using HemoApi.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Audit;

/// <summary>Which entries.</summary>
/// <param name="StudyId">Only of this study, deleted or not.</param>
/// <param name="Caller">Only of this caller, e.g. `key:0123456789abcdef`.</param>
/// <param name="Action">Only this, e.g. `study.erased`.</param>
/// <param name="From">Written at this time or later, ISO 8601.</param>
/// <param name="To">Written before this time, ISO 8601.</param>
public sealed record AuditQuery(
    [FromQuery] Guid? StudyId,
    [FromQuery] string? Caller,
    [FromQuery] string? Action,
    [FromQuery] DateTimeOffset? From,
    [FromQuery] DateTimeOffset? To)
{
    /// <summary>The newest first.</summary>
    /// <param name="before">Only entries of a lower sequence.</param>
    public IQueryable<AuditEntry> Of(HemoDbContext db, long? before)
    {
        var entries = db.AuditEntries.AsNoTracking();
        entries = StudyId is { } study ? entries.Where(e => e.StudyId == study) : entries;
        entries = Caller is { } caller ? entries.Where(e => e.Caller == caller) : entries;
        entries = Action is { } action ? entries.Where(e => e.Action == action) : entries;
        entries = From?.ToUniversalTime() is { } from ? entries.Where(e => e.At >= from) : entries;
        entries = To?.ToUniversalTime() is { } to ? entries.Where(e => e.At < to) : entries;
        entries = before is { } sequence ? entries.Where(e => e.Sequence < sequence) : entries;
        return entries.OrderByDescending(e => e.Sequence);
    }
}
