using System.CommandLine;

namespace HemoApi.Commands;

/// <summary>The verbs: <c>HemoApi audit …</c>, <c>HemoApi keys …</c>, <c>HemoApi migrate</c>, <c>HemoApi phantom …</c>, <c>HemoApi reconcile</c>, <c>HemoApi retention …</c>. Anything else on the command line configures the service.</summary>
public static class CommandLine
{
    /// <summary>True for a verb or a question about verbs; settings such as <c>--urls=…</c> start with dashes.</summary>
    public static bool HasVerb(string[] args) =>
        args is [var first, ..] && (!first.StartsWith("--", StringComparison.Ordinal) || first is "--help" or "--version");

    public static Task<int> Run(string[] args)
    {
        var root = new RootCommand(
            "HemoApi measures intracranial hemorrhage in head CT. Without a verb it serves; settings are --Section:Name=value, " +
            "environment variables Section__Name, or appsettings.json.")
        {
            AuditCommand.Create(),
            KeysCommand.Create(),
            MigrateCommand.Create(),
            PhantomCommand.Create(),
            ReconcileCommand.Create(),
            RetentionCommand.Create(),
        };
        return root.Parse(args).InvokeAsync();
    }
}
