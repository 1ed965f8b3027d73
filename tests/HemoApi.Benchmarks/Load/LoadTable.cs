namespace HemoApi.Benchmarks.Load;

/// <summary>What was measured, beside what was asked for.</summary>
internal sealed class LoadTable
{
    private readonly List<(string What, string Measured, string Target, bool IsMet)> _rows = [];

    public bool AllMet => _rows.All(r => r.IsMet);

    public void Add(string what, string measured) => Add(what, measured, "", isMet: true);

    public void Add(string what, string measured, string target, bool isMet)
    {
        _rows.Add((what, measured, target, isMet));

        // A run takes minutes: what is known is said at once, and in the table at the end.
        Console.Error.WriteLine($"{what}: {measured}");
    }

    public void Print()
    {
        Console.WriteLine("| | measured | target |");
        Console.WriteLine("| --- | --- | --- |");
        foreach (var (what, measured, target, isMet) in _rows)
        {
            Console.WriteLine($"| {what} | {measured} | {target}{(isMet ? "" : " **missed**")} |");
        }
    }
}
