using System.Diagnostics.Metrics;
using HemoApi.Jobs;
using HemoApi.Storage;

namespace HemoApi.Hosting;

/// <summary>What the service counts. Labels are codes, stages and priorities: no id, no tenant, nothing of a patient.</summary>
public sealed class HemoMetrics
{
    public const string MeterName = "HemoApi";

    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _shadows;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _orphans;
    private readonly Counter<long> _unaudited;
    private readonly Histogram<double> _stages;
    private IReadOnlyList<QueueState> _queues = [];

    public HemoMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _started = meter.CreateCounter<long>("hemoapi.jobs.started", description: "Starts of jobs, repeated ones too.");
        _ended = meter.CreateCounter<long>("hemoapi.jobs.ended", description: "Ends of jobs by status, and by code where they failed.");
        _shadows = meter.CreateCounter<long>("hemoapi.shadow.ended", description: "Ends of shadow runs by status, and by code where they failed.");
        _refused = meter.CreateCounter<long>("hemoapi.refusals", description: "Requests that were refused, by code.");
        _webhooks = meter.CreateCounter<long>("hemoapi.webhooks.attempts", description: "Attempts to deliver, by error; none where it was delivered.");
        _orphans = meter.CreateCounter<long>("hemoapi.reconciler.orphans", description: "Files without rows and rows without files that the reconciler found, by kind, and whether it put them in order.");
        _unaudited = meter.CreateCounter<long>("hemoapi.audit.failures", description: "Answers that were held back because the audit trail could not be written.");
        _stages = meter.CreateHistogram(
            "hemoapi.stage.duration",
            unit: "s",
            description: "Seconds of each stage of the jobs that succeeded.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300] });
        meter.CreateObservableGauge(
            "hemoapi.queue.depth", () => _queues.Select(q => new Measurement<long>(q.Jobs, Priority(q))), description: "Jobs that wait.");
        meter.CreateObservableGauge(
            "hemoapi.queue.age", () => _queues.Select(q => new Measurement<double>(q.OldestSeconds, Priority(q))), unit: "s", description: "How long the oldest job that waits has waited.");
    }

    public void Started() => _started.Add(1);

    /// <param name="code">Of the fault; null where there is none.</param>
    public void Ended(JobStatus status, string? code = null) =>
        _ended.Add(1, new("status", JobFaults.Word(status)), new("code", code ?? "none"));

    /// <param name="code">Of the fault; null where there is none.</param>
    public void ShadowEnded(JobStatus status, string? code = null) =>
        _shadows.Add(1, new("status", JobFaults.Word(status)), new("code", code ?? "none"));

    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <param name="error">Null where there is none.</param>
    public void WebhookAttempt(string? error) => _webhooks.Add(1, new KeyValuePair<string, object?>("error", error ?? "none"));

    public void Orphan(string kind, bool isFixed) => _orphans.Add(1, new("kind", kind), new("fixed", isFixed));

    public void AuditFailed() => _unaudited.Add(1);

    public void Stages(IReadOnlyDictionary<string, double> seconds)
    {
        foreach (var (stage, value) in seconds)
        {
            _stages.Record(value, new KeyValuePair<string, object?>("stage", stage));
        }
    }

    /// <summary>What <see cref="QueueSampler"/> has seen last.</summary>
    public void Sampled(IReadOnlyList<QueueState> queues) => _queues = queues;

    private static KeyValuePair<string, object?> Priority(QueueState queue) =>
        new("priority", System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(queue.Priority.ToString()));
}

/// <param name="OldestSeconds">0 where no job waits.</param>
public sealed record QueueState(JobPriority Priority, long Jobs, double OldestSeconds);
