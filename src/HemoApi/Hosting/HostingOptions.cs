namespace HemoApi.Hosting;

/// <summary>Section <c>Hosting</c>: what this process does.</summary>
public sealed class HostingOptions
{
    public const string Section = "Hosting";

    internal const string OnlyAll =
        "Hosting:Role must be all: the queue of the embedded storage lives inside of the process, so a worker would never see "
        + "a job of another process, and an api would queue jobs that no one runs. Name a PostgreSQL database in Storage:Postgres to share the queue.";

    /// <summary><c>all</c> (default), <c>api</c> or <c>worker</c>.</summary>
    public Role Role { get; set; } = Role.All;

    /// <summary>Whether Hangfire's dashboard is at <c>/hangfire</c>: to read, for the scope <c>admin</c>. It shows the ids of all tenants' jobs, so it is for
    /// whoever runs the service. Default: false.</summary>
    public bool Dashboard { get; set; }

    /// <summary>Takes requests and queues jobs.</summary>
    public bool ServesApi => Role is Role.All or Role.Api;

    /// <summary>Takes jobs from the queue.</summary>
    public bool RunsJobs => Role is Role.All or Role.Worker;

    /// <summary>As configured, for what must be decided before there are services.</summary>
    public static HostingOptions Of(IConfiguration configuration) => configuration.GetSection(Section).Get<HostingOptions>() ?? new HostingOptions();
}

public enum Role
{
    /// <summary>One process does everything.</summary>
    All,

    /// <summary>Takes requests and queues jobs; runs none.</summary>
    Api,

    /// <summary>Runs jobs; answers nothing but health.</summary>
    Worker,
}
