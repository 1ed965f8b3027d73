namespace HemoApi.Hosting;

/// <summary>What a key or token may do. Each endpoint asks for one; <see cref="Admin"/> includes the others.</summary>
public static class Scopes
{
    public const string StudiesRead = "studies:read";
    public const string StudiesWrite = "studies:write";
    public const string EvaluationsWrite = "evaluations:write";
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [StudiesRead, StudiesWrite, EvaluationsWrite, Admin];
}
