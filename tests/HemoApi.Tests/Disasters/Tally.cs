using System.Collections.Concurrent;

namespace HemoApi.Tests.Disasters;

/// <summary>What was struck when, to be read by people.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<(string Group, string What), int> _counts = [];

    public void Count(string group, string what, int times = 1) => _counts.AddOrUpdate((group, what), times, (_, before) => before + times);

    public override string ToString() => string.Join('\n', _counts.GroupBy(c => c.Key.Group).OrderBy(g => g.Key, StringComparer.Ordinal).Select(group =>
        $"{group.Key}: {string.Join(", ", group.OrderByDescending(c => c.Value).ThenBy(c => c.Key.What, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key.What}"))}"));
}
