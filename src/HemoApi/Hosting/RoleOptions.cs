namespace HemoApi.Hosting;

/// <summary>Section <c>Process</c>: which part of the service this process is.</summary>
public sealed class RoleOptions
{
    public const string Section = "Process";

    /// <summary><c>all</c> (default), or <c>api</c> and <c>worker</c> apart, which needs a job queue that processes share.</summary>
    public Role Role { get; set; } = Role.All;
}

public enum Role
{
    All,
    Api,
    Worker,
}
