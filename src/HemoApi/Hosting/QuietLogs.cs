namespace HemoApi.Hosting;

/// <summary>Log categories of the framework whose lines can hold patient data: request lines hold query strings, lines of
/// exceptions hold messages, lines of the database hold parameters. Settings can make them quieter, never louder.</summary>
public static class QuietLogs
{
    private static readonly (string Category, LogLevel Least)[] Guarded =
    [
        ("Microsoft.AspNetCore", LogLevel.Warning),
        ("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None),
        // Puts the path on every line of a request, as a scope.
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
        // Logs what escapes from an answer that has begun, with its message; RequestLog logs it without.
        ("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical),
        ("Microsoft.EntityFrameworkCore", LogLevel.Warning),
        // What fails here is thrown as well, and logged without its message where no one expects it; taken keys are expected.
        ("Microsoft.EntityFrameworkCore.Update", LogLevel.None),
        ("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None),
        ("Hangfire", LogLevel.Warning),
    ];

    public static void AddQuietLogs(this IHostApplicationBuilder builder) =>
        builder.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            for (var i = 0; i < options.Rules.Count; i++)
            {
                options.Rules[i] = Quietened(options.Rules[i]);
            }

            // A rule for one provider wins over rules for all, so each provider that has rules gets its own guards.
            string?[] providers = [null, .. options.Rules.Select(r => r.ProviderName).Where(p => p is not null).Distinct()];
            foreach (var provider in providers)
            {
                foreach (var (category, least) in Guarded.Where(g => !options.Rules.Any(r => r.ProviderName == provider && r.CategoryName == g.Category)))
                {
                    options.Rules.Add(new LoggerFilterRule(provider, category, least, null));
                }
            }
        });

    private static LoggerFilterRule Quietened(LoggerFilterRule rule)
    {
        var least = Guarded.Where(g => Covers(g.Category, rule.CategoryName)).Select(g => (LogLevel?)g.Least).Max();
        return least > (rule.LogLevel ?? LogLevel.Trace) ? new LoggerFilterRule(rule.ProviderName, rule.CategoryName, least, rule.Filter) : rule;
    }

    /// <summary>Patterns could reach anything, so all but the one for everything are taken to.</summary>
    private static bool Covers(string guarded, string? category) =>
        category is { Length: > 1 } && (category.StartsWith(guarded, StringComparison.OrdinalIgnoreCase) || category.Contains('*'));
}
