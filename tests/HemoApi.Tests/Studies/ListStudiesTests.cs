using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Studies;

public sealed class ListStudiesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Pages_miss_and_repeat_no_study_while_new_ones_arrive()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var there = new List<(DateTimeOffset At, Guid Id)>();
        for (var k = 0; k < 25; k++)
        {
            // Five at each moment, so that pages end between studies of the same time.
            var at = Start.AddMinutes(k / 5);
            there.Add((at, await Add(service, tenant, at)));
        }

        var (seen, cursor, pages) = (new List<Guid>(), (string?)null, 0);
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies?limit=7{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(Ids(page));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
            await Add(service, tenant, Start.AddHours(1 + pages++));
        }
        while (cursor is not null);

        Assert.Equal(4, pages);
        Assert.Equal(there.Select(s => s.Id).Order(), seen.Order());
        var times = there.ToDictionary(s => s.Id, s => s.At);
        Assert.Equal(seen.Select(id => times[id]).OrderDescending(), seen.Select(id => times[id]));
        Assert.Equal(25 + pages, Ids(await client.GetFromJsonAsync<JsonElement>("/api/v1/studies")).Count());
    }

    [Theory]
    [InlineData("patientId")]
    [InlineData("studyInstanceUid")]
    public async Task A_filter_with_a_NUL_which_PostgreSQL_does_not_take_is_no_failure_of_the_service(string filter)
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead);

        using var answer = await client.GetAsync($"/api/v1/studies?{filter}=a%00b");
        Assert.Equal(TestStorage.IsPostgres ? 400 : 200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Filters_find_the_studies_that_they_describe()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var none = await Add(service, tenant, Start, "1.2.3", "P1", ich: 0);
        var small = await Add(service, tenant, Start.AddHours(1), "1.2.4", "P1", ich: 2);
        var both = await Add(service, tenant, Start.AddHours(2), "1.2.5", "P2", ich: 12, edh: 20);
        var unfinished = await Add(service, tenant, Start.AddHours(3), "1.2.6", "P3");

        await Finds("patientId=P1", small, none);
        await Finds("patientId=p1");
        await Finds("studyInstanceUid=1.2.5", both);
        await Finds($"from={Time(1)}&to={Time(2)}", small);
        await Finds("hemorrhageType=ICH", both, small);
        await Finds("hemorrhageType=EDH", both);
        await Finds("hemorrhageType=SDH");
        await Finds("hemorrhageType=ICH&minVolumeMl=12", both);
        await Finds("hemorrhageType=ICH&minVolumeMl=12.1");
        await Finds("minVolumeMl=32", both);
        await Finds("minVolumeMl=0", both, small, none);
        await Finds("patientId=P1&minVolumeMl=1", small);
        await Finds("", unfinished, both, small, none);

        string Time(int hours) => Uri.EscapeDataString(Start.AddHours(hours).ToString("O", CultureInfo.InvariantCulture));

        async Task Finds(string query, params Guid[] expected) =>
            Assert.Equal(expected, Ids(await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies?{query}")));
    }

    [Theory]
    [InlineData("hemorrhageType=ICH")]
    [InlineData("minVolumeMl=2")]
    [InlineData("hemorrhageType=ICH&patientId=P")]
    public async Task Pages_by_finding_hold_each_study_once_however_many_results_it_has_and_none_that_is_going(string filter)
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var expected = new List<Guid>();
        for (var k = 0; k < 20; k++)
        {
            var at = Start.AddMinutes(k / 5);
            var id = await Add(service, tenant, at, ich: k % 4 == 0 ? 0 : 2 + k);
            await (k % 4 == 1 ? Going(id) : k % 4 == 2 ? Again(id, at) : Task.CompletedTask);
            if (k % 4 >= 2)
            {
                expected.Add(id);
            }
        }

        var (seen, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies?limit=3&{filter}{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.True(Ids(page).Count() == 3 || !page.TryGetProperty("nextCursor", out _));
            seen.AddRange(Ids(page));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(expected.Order(), seen.Order());

        async Task Going(Guid id)
        {
            await using var db = service.Database.OpenAsSystem();
            (await db.Studies.FindAsync(id))!.Status = StudyStatus.Deleting;
            await db.SaveChangesAsync();
        }

        // Jobs of other models: three results more.
        async Task Again(Guid id, DateTimeOffset at)
        {
            await using var db = service.Database.OpenAsSystem();
            for (var i = 0; i < 3; i++)
            {
                db.Add(Result(db.Add(JobOf(tenant, id, at)).Entity, at, ich: 30, edh: 0));
            }

            await db.SaveChangesAsync();
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=many")]
    [InlineData("minVolumeMl=-1")]
    [InlineData("minVolumeMl=NaN")]
    [InlineData("hemorrhageType=SAH")]
    [InlineData("from=yesterday")]
    [InlineData("cursor=AAAA")]
    [InlineData("cursor=%00")]
    public async Task A_query_that_makes_no_sense_is_refused(string query)
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead);
        await CallerTests.Refused(await client.GetAsync($"/api/v1/studies?{query}"), 400, "request.invalid");
    }

    private static IEnumerable<Guid> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("studyId").GetGuid());

    private static async Task<Guid> Add(
        TestService service, Tenant tenant, DateTimeOffset at, string uid = "1.2", string patient = "P", double? ich = null, double edh = 0)
    {
        await using var db = service.Database.OpenAsSystem();
        var study = db.Add(new Study
        {
            TenantId = tenant.Id, Fingerprint = Guid.NewGuid().ToString(), Status = StudyStatus.Stored, UploadBytes = 1, StudyInstanceUid = uid,
            PatientId = patient, StudyDateTime = null, Files = [], Series = [], UsedEntries = [], CreatedAt = at,
        }).Entity;
        var job = db.Add(JobOf(tenant, study.Id, at)).Entity;
        if (ich is { } ml)
        {
            db.Add(Result(job, at, ml, edh));
        }

        await db.SaveChangesAsync();
        return study.Id;
    }

    private static Job JobOf(Tenant tenant, Guid study, DateTimeOffset at) => new()
    {
        TenantId = tenant.Id, StudyId = study, Priority = JobPriority.Routine, ModelId = null, SeriesInstanceUid = null, CreatedAt = at, QueuedAt = at,
        Status = JobStatus.Succeeded,
    };

    private static StudyResult Result(Job job, DateTimeOffset at, double ich, double edh) => new()
    {
        JobId = job.Id, TenantId = job.TenantId, StudyId = job.StudyId, Status = ResultStatus.Complete, ReceivedAt = at, IchMl = ich, EdhMl = edh, TotalMl = ich + edh,
    };
}
