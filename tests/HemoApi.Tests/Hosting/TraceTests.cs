using System.Collections.Concurrent;
using System.Diagnostics;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Tests.Hosting;

public sealed class TraceTests
{
    [Fact]
    public async Task The_run_of_a_job_and_its_stages_belong_to_the_trace_of_the_upload()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "HemoApi" or "HemoApi.Imaging",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var trace = ActivityTraceId.CreateRandom();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        var (_, job) = await client.Upload(new HeadStudy().Zip());
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());

        // The row says succeeded a moment before the run's own span ends.
        var ours = await Eventually(() => ended.Where(activity => activity.TraceId == trace).ToList(), found => found.Exists(a => a.Source == Telemetry.Traces));
        var run = Assert.Single(ours, activity => activity.Source == Telemetry.Traces);
        Assert.Equal("segment study", run.OperationName);
        Assert.Equal(job, run.GetTagItem("hemoapi.job.id"));
        Activity[] stages = [.. ours.Where(activity => activity.Source == PipelineTrace.Source)];
        Assert.Contains(stages, stage => stage.OperationName == Stages.Network);
        Assert.All(stages, stage => Assert.Equal(run.SpanId, stage.ParentSpanId));
        Assert.All(ours.SelectMany(activity => activity.TagObjects), tag => Assert.Equal("hemoapi.job.id", tag.Key));
    }

    private static async Task<T> Eventually<T>(Func<T> look, Func<T, bool> isThere)
    {
        for (var i = 0; ; i++)
        {
            var seen = look();
            if (isThere(seen) || i == 100)
            {
                return seen;
            }

            await Task.Delay(50);
        }
    }
}
