using System.Data.Common;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Analytics;
using HemoApi.Hosting;
using HemoApi.Imaging.Masks;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.Analytics;

public sealed class VolumeStatisticsTests(VolumeStatisticsTests.Fixture fixture) : IClassFixture<VolumeStatisticsTests.Fixture>
{
    [Theory]
    [InlineData("type")]
    [InlineData("month")]
    [InlineData("site")]
    [InlineData("model")]
    public async Task Groups_have_the_counts_sums_percentiles_and_histograms_of_their_results(string groupBy)
    {
        var document = await fixture.Get($"groupBy={groupBy}");

        Assert.Equal(groupBy, document.GetProperty("groupBy").GetString());
        var groups = document.GetProperty("groups").EnumerateArray().ToList();
        var expected = HemorrhageTypes.All.SelectMany(type => fixture.Rows.GroupBy(r => Key(r, groupBy, type)).Select(g => (g.Key, type.Code(), Rows: g.Select(r => Ml(r, type)).ToArray()))).ToList();
        Assert.Equal(expected.Count, groups.Count);
        foreach (var (key, type, volumes) in expected)
        {
            var group = groups.Single(g => Text(g, "group") == key && Text(g, "type") == type);
            var positive = volumes.Where(v => v > 0).Order().ToArray();
            Assert.Equal((volumes.Length, positive.Length), (group.GetProperty("results").GetInt32(), group.GetProperty("positives").GetInt32()));
            Assert.Equal(positive.Sum(), group.GetProperty("sumMl").GetDouble(), 1e-6);
            Assert.Equal(positive.Average(), group.GetProperty("meanMl").GetDouble(), 1e-6);
            foreach (var (name, share) in new[] { ("p5", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95) })
            {
                var nearestRank = positive[Math.Max(0, (int)Math.Ceiling(share * positive.Length) - 1)];
                Assert.InRange(group.GetProperty("percentilesMl").GetProperty(name).GetDouble(), nearestRank - 0.1, nearestRank + 0.1);
            }

            foreach (var bin in group.GetProperty("histogram").EnumerateArray())
            {
                var from = bin.GetProperty("fromMl").GetDouble();
                var to = bin.TryGetProperty("toMl", out var end) ? end.GetDouble() : double.PositiveInfinity;
                Assert.Equal(positive.Count(v => v >= from && v < to), bin.GetProperty("count").GetInt32());
            }
        }
    }

    [Theory]
    [InlineData("from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z")]
    [InlineData("site=north")]
    [InlineData("model=b-net")]
    [InlineData("hemorrhageType=EDH&minVolumeMl=20")]
    [InlineData("minVolumeMl=60")]
    public async Task Filters_leave_the_results_that_they_describe(string query)
    {
        var document = await fixture.Get(query);
        var expected = fixture.Rows.Where(r => query.Split('=', 2)[0] switch
        {
            "from" => r.ReceivedMonth == 202602,
            "site" => r.Site == "north",
            "model" => r.ModelId == "b-net",
            "hemorrhageType" => r.EdhMl >= 20,
            _ => r.TotalMl >= 60,
        }).ToList();

        Assert.InRange(expected.Count, 1, fixture.Rows.Count - 1);
        Assert.All(document.GetProperty("groups").EnumerateArray(), g => Assert.Equal(expected.Count, g.GetProperty("results").GetInt32()));
    }

    [Fact]
    public async Task A_tenant_counts_only_its_own_results() =>
        Assert.All((await fixture.Get("", fixture.Other)).GetProperty("groups").EnumerateArray(), g => Assert.Equal(2, g.GetProperty("results").GetInt32()));

    [Theory]
    [InlineData("volumes?groupBy=patient")]
    [InlineData("volumes?minVolumeMl=-1")]
    [InlineData("volumes?hemorrhageType=SAH")]
    [InlineData("results?format=xlsx")]
    [InlineData("results?from=yesterday")]
    public async Task A_question_that_makes_no_sense_is_refused(string path) =>
        await CallerTests.Refused(await fixture.Client.GetAsync($"/api/v1/analytics/{path}"), 400, "request.invalid");

    [Fact]
    public async Task The_database_answers_a_tenant_from_an_index()
    {
        Assert.SkipWhen(TestStorage.IsPostgres, "PostgreSQL reads so few rows without any index; SQLite's plan does not depend on their number");
        await using var db = fixture.Service.Database.Open(Caller.Of(fixture.Tenant.Id, []));
        var results = db.Results.Where(r => r.Status == ResultStatus.Complete);

        Assert.Contains("USING COVERING INDEX ix_results_analytics (tenant_id=? AND status=?", await Plan(db, results.GroupBy(r => r.ReceivedMonth).Select(g => g.Sum(r => r.IchMl))));
        var after = DateTimeOffset.UtcNow;
        Assert.Contains("USING INDEX ix_results_analytics (tenant_id=? AND status=? AND received_at>?", await Plan(db, results.Where(r => r.ReceivedAt >= after).OrderBy(r => r.ReceivedAt).ThenBy(r => r.JobId)));
        Assert.Contains("USING INDEX ix_studies_tenant_id_created_at_id (tenant_id=?", await Plan(db, db.Studies.OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id)));
    }

    private static async Task<string> Plan<T>(HemoDbContext db, IQueryable<T> query)
    {
        await db.Database.OpenConnectionAsync();
        await using DbCommand command = query.CreateDbCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText}";
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(3));
        }

        return string.Join('\n', lines);
    }

    private static string? Key(StudyResult row, string groupBy, HemorrhageType type) => groupBy switch
    {
        "month" => $"{row.ReceivedAt.UtcDateTime:yyyy-MM}",
        "site" => row.Site,
        "model" => $"{row.ModelId} {row.ModelVersion}",
        _ => null,
    };

    private static double Ml(StudyResult row, HemorrhageType type) =>
        type switch { HemorrhageType.Ich => row.IchMl, HemorrhageType.Edh => row.EdhMl, _ => row.SdhMl };

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    public sealed class Fixture : IAsyncLifetime
    {
        internal TestService Service { get; private set; } = null!;

        internal Tenant Tenant { get; private set; } = null!;

        public HttpClient Client { get; private set; } = null!;

        public HttpClient Other { get; private set; } = null!;

        public IReadOnlyList<StudyResult> Rows { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            Service = await TestService.Start();
            (Client, _, Tenant) = await Service.Client("a", Scopes.StudiesRead);
            (Other, _, var other) = await Service.Client("b", Scopes.StudiesRead);
            var random = new Random(5);
            double Ml(double share) => random.NextDouble() < share ? Math.Exp(random.NextDouble() * 5) : 0;
            var start = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
            Rows = await new StoredResults(Service).Add(Tenant, Enumerable.Range(0, 240).Select(k => (
                start.AddDays(k / 3.0), k % 5 == 0 ? null : k % 2 == 0 ? "north" : "south 2", k < 100 ? "a-net" : "b-net", Ml(0.6), Ml(0.5), Ml(0.5))).ToList());
            await new StoredResults(Service).Add(other, [(start, "north", "a-net", 5, 0, 0), (start, null, "a-net", 0, 0, 0)]);
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();

        public async Task<JsonElement> Get(string query, HttpClient? client = null) =>
            await (client ?? Client).GetFromJsonAsync<JsonElement>($"/api/v1/analytics/volumes?{query}");
    }
}
