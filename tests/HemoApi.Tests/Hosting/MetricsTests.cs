using System.Globalization;
using System.Text.RegularExpressions;
using HemoApi.Hosting;
using HemoApi.Housekeeping;
using HemoApi.Imaging;
using HemoApi.Storage;
using HemoApi.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Hosting;

/// <summary>Meters are of a process, and tests share one: what this service counts can only be the least that is there.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task An_administrator_reads_how_jobs_end_how_long_stages_take_and_how_many_wait()
    {
        await using var service = await TestService.Start(settings: ["--Jobs:WatchInterval=00:00:00.4"]);
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        var (study, job) = await client.Upload(new HeadStudy().Zip());
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());

        var text = await admin.GetStringAsync("/metrics");
        Assert.InRange(Value(text, "hemoapi_jobs_started_total"), 1, double.PositiveInfinity);
        Assert.InRange(Value(text, "hemoapi_jobs_ended_total", "code=\"none\"", "status=\"succeeded\""), 1, double.PositiveInfinity);
        foreach (var stage in (string[])[Stages.Decode, Stages.Network, Stages.Store])
        {
            Assert.InRange(Value(text, "hemoapi_stage_duration_seconds_count", $"stage=\"{stage}\""), 1, double.PositiveInfinity);
        }

        Assert.Contains("hemoapi_queue_depth", text);
        Assert.Contains("priority=\"stat\"", text);
        Assert.All([study.ToString(), job.ToString(), tenant.Id.ToString(), new HeadStudy().StudyInstanceUid], id => Assert.DoesNotContain(id, text));
    }

    [Theory]
    [InlineData("alerts.yaml")]
    [InlineData("dashboard.json")]
    public async Task Every_metric_that_the_dashboard_and_the_alerts_read_is_there(string file)
    {
        await using var service = await TestService.Start(settings: ["--Jobs:WatchInterval=00:00:00.4"]);
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        var (_, job) = await client.Upload(new HeadStudy().Zip());
        await client.JobEnded(job);
        await CallerTests.Refused(await client.GetAsync($"/api/v1/jobs/{Guid.NewGuid()}"), 404, "not_found");

        // What shows only once it has happened, and takes long to happen.
        var metrics = service.Services.GetRequiredService<HemoMetrics>();
        metrics.WebhookAttempt(DeliveryErrors.Timeout);
        metrics.Orphan(OrphanKinds.Blob, isFixed: true);
        metrics.ShadowEnded(JobStatus.Succeeded);
        metrics.AuditFailed();
        var text = await admin.GetStringAsync("/metrics");

        // Those of the database's connections come with PostgreSQL alone.
        var read = Regex.Matches(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "monitoring", file)), @"\b(hemoapi|http_server|dotnet)_[a-z_]+\b")
            .Select(match => match.Value).Distinct().ToList();
        Assert.True(read.Count >= 5);
        Assert.All(read, name => Assert.Matches($"(?m)^{name}[{{ ]", text));
    }

    [Fact]
    public async Task Others_read_no_metrics()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);

        await CallerTests.Refused(await service.Anonymous.GetAsync("/metrics"), 401, "auth.invalid");
        await CallerTests.Refused(await client.GetAsync("/metrics"), 403, "auth.scope");
    }

    private static double Value(string text, string name, params string[] labels) => text.Split('\n')
        .Where(line => Regex.IsMatch(line, $"^{name}[{{ ]") && labels.All(line.Contains))
        .Select(line => double.Parse(Regex.Match(line, @"} ([0-9.eE+-]+)|^\w+ ([0-9.eE+-]+)").Groups.Values.Skip(1).First(g => g.Success).Value, CultureInfo.InvariantCulture))
        .DefaultIfEmpty(0).Sum();
}
