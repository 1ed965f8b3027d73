using System.Diagnostics;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.Server;
using HemoApi.Hosting;

namespace HemoApi.Jobs;

/// <summary>Carries the trace of the request that queued a job over the queue (W3C Trace Context), so that an upload and the run of its job, in
/// another process and minutes later, are one trace. A job that was queued again by the watch begins a trace of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TracedAttribute(string name) : JobFilterAttribute, IClientFilter, IServerFilter
{
    private const string Parameter = "traceparent";

    public void OnCreating(CreatingContext context)
    {
        if (Activity.Current?.Id is { } id)
        {
            context.SetJobParameter(Parameter, id);
        }
    }

    public void OnCreated(CreatedContext context)
    {
        // All is said at creation.
    }

    public void OnPerforming(PerformingContext context) =>
        context.Items[Parameter] = Telemetry.Traces.StartActivity(
            name, ActivityKind.Consumer, ActivityContext.TryParse(context.GetJobParameter<string>(Parameter), null, isRemote: true, out var parent) ? parent : default);

    public void OnPerformed(PerformedContext context)
    {
        if (context.Items[Parameter] is Activity activity)
        {
            if (context.Exception is not null)
            {
                activity.SetStatus(ActivityStatusCode.Error);
            }

            activity.Dispose();
        }
    }
}
