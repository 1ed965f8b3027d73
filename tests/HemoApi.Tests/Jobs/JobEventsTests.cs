using System.Net.ServerSentEvents;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Jobs;

public sealed class JobEventsTests
{
    private static readonly string[] Order =
        [Stages.Read, Stages.Decode, Stages.Preprocess, Stages.Network, Stages.Postprocess, Stages.Quantify, Stages.Export, Stages.Store];

    [Fact]
    public async Task Events_follow_a_job_from_the_queue_through_the_stages_to_its_end()
    {
        await using var service = await TestService.Start(stagePause: TimeSpan.FromMilliseconds(400));
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        await client.Upload(new HeadStudy { Name = "before" }.Zip());
        var (_, job) = await client.Upload(new HeadStudy().Zip());

        using var answer = await client.GetAsync($"/api/v1/jobs/{job}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var documents = new List<JsonElement>();
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            Assert.Equal("job", item.EventType);
            documents.Add(JsonDocument.Parse(item.Data).RootElement);
        }

        Assert.Equal(["queued", "running", "succeeded"], documents.Select(d => d.Status()).Distinct());
        var progress = documents.Select(d => d.GetProperty("progress").GetDouble()).ToList();
        Assert.Equal(progress.Order(), progress);
        Assert.Equal(1, progress[^1]);
        Assert.True(progress.Distinct().Count() >= 4, $"progress was {string.Join(", ", progress)}");
        var stages = documents.Where(d => d.TryGetProperty("stage", out _)).Select(d => Array.IndexOf(Order, d.GetProperty("stage").GetString())).ToList();
        Assert.Equal(
            [Stages.Read, Stages.Decode, Stages.Network, Stages.Postprocess, Stages.Quantify, Stages.Store],
            stages.Distinct().Select(index => Order[index]));
        Assert.Equal(stages.Order(), stages);
        Assert.Equal((await client.Job(job)).ToString(), documents[^1].ToString());
    }

    [Fact]
    public async Task A_finished_job_knows_its_times()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (study, job) = await client.Upload(new HeadStudy().Zip());

        var ended = await client.JobEnded(job);
        Assert.Equal("succeeded", ended.Status());
        var seconds = ended.GetProperty("stageSeconds").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetDouble());
        Assert.Subset(Order.ToHashSet(), seconds.Keys.ToHashSet());
        Assert.Superset(new HashSet<string> { Stages.Read, Stages.Decode, Stages.Network, Stages.Store }, seconds.Keys.ToHashSet());
        var (created, started, finished) = (Time("createdAt"), Time("startedAt"), Time("finishedAt"));
        Assert.True(created <= started && started <= finished);
        Assert.InRange(seconds.Values.Sum(), 0, (finished - started).TotalSeconds);
        Assert.Equal($"/api/v1/studies/{study}/results", ended.GetProperty("links").GetProperty("results").GetString());

        DateTimeOffset Time(string name) => ended.GetProperty(name).GetDateTimeOffset();
    }

    [Fact]
    public async Task There_are_no_events_of_a_job_that_is_not_there()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead);
        await CallerTests.Refused(await client.GetAsync($"/api/v1/jobs/{Guid.NewGuid()}/events"), 404, "not_found");
    }
}
