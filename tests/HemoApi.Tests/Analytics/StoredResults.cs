using HemoApi.Storage;

namespace HemoApi.Tests.Analytics;

/// <summary>Results as jobs leave them, without the jobs' work.</summary>
internal sealed record StoredResults(TestService Service)
{
    public async Task<IReadOnlyList<StudyResult>> Add(Tenant tenant, IEnumerable<(DateTimeOffset At, string? Site, string Model, double Ich, double Edh, double Sdh)> results)
    {
        await using var db = Service.Database.OpenAsSystem();
        var added = new List<StudyResult>();
        foreach (var (at, site, model, ich, edh, sdh) in results)
        {
            var study = db.Add(new Study
            {
                TenantId = tenant.Id, Fingerprint = Guid.NewGuid().ToString(), Status = StudyStatus.Stored, UploadBytes = 1, StudyInstanceUid = "1.2",
                PatientId = "PAT-7731-X", StudyDateTime = null, Files = [], Series = [], UsedEntries = [], CreatedAt = at, Site = site,
            }).Entity;
            var job = db.Add(new Job
            {
                TenantId = tenant.Id, StudyId = study.Id, Priority = JobPriority.Routine, ModelId = null, SeriesInstanceUid = null, CreatedAt = at,
                QueuedAt = at, Status = JobStatus.Succeeded,
            }).Entity;
            added.Add(db.Add(new StudyResult
            {
                JobId = job.Id, TenantId = tenant.Id, StudyId = study.Id, Status = ResultStatus.Complete, IchMl = ich, EdhMl = edh, SdhMl = sdh,
                TotalMl = ich + edh + sdh, ReceivedAt = at, ReceivedMonth = StudyResult.MonthOf(at), Site = site, ModelId = model, ModelVersion = "1, \"beta\"",
                ModelSha256 = new string(model[0], 64), CompletedAt = at.AddSeconds(3),
            }).Entity);
        }

        await db.SaveChangesAsync();
        return added;
    }
}
