namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>Statistics that need more cases, or other ones, than a cohort may have: what can't be computed is absent, with the reason.</summary>
internal sealed class Attempts
{
    private readonly SortedDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <summary>Why what is absent is absent, by name; null where nothing is.</summary>
    public IReadOnlyDictionary<string, string>? Reasons => _reasons.Count == 0 ? null : _reasons;

    public T? Of<T>(string name, Func<T> compute)
        where T : class
    {
        try
        {
            return compute();
        }
        catch (ArgumentException e)
        {
            // Every statistic says so that its data do not allow it; the name of the parameter is not for readers.
            _reasons[name] = e.Message.Split(" (Parameter", 2)[0];
            return null;
        }
    }
}
