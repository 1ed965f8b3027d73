using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <summary>Lesions of one type that are the same bleeding in two scans: one and one, or several where lesions have merged or fallen apart.</summary>
/// <param name="BaselineIds">Ids in the baseline's results, ascending; empty where the bleeding is new.</param>
/// <param name="FollowUpIds">Ids in the follow-up's results, ascending; empty where nothing of it is left.</param>
public sealed record MatchedLesions(HemorrhageType Type, IReadOnlyList<int> BaselineIds, IReadOnlyList<int> FollowUpIds, double BaselineMl, double FollowUpMl);

/// <summary>Which lesions of two scans are the same, by where they lie in the head.</summary>
public static class LesionMatching
{
    /// <summary>A lesion that covers none of the other scan's is matched with another such one this near: a thin collection that lies two millimetres off.</summary>
    public const double NearMm = 3;

    private static readonly Vector3D[] Here = [default];

    private static readonly Vector3D[] Around =
        [new(NearMm, 0, 0), new(-NearMm, 0, 0), new(0, NearMm, 0), new(0, -NearMm, 0), new(0, 0, NearMm), new(0, 0, -NearMm)];

    /// <param name="followUpToBaseline">From <see cref="SkullRegistration"/>.</param>
    /// <returns>Every lesion of both scans once, the largest bleedings of the follow-up first.</returns>
    public static IReadOnlyList<MatchedLesions> Match(LocatedLesions baseline, LocatedLesions followUp, RigidMotion followUpToBaseline)
    {
        var back = followUpToBaseline.Inverse();
        var pairs = new HashSet<(int Baseline, int FollowUp)>();
        Join(Here, (_, _) => true);
        var (matched, matchedAgain) = (pairs.Select(p => p.Baseline).ToHashSet(), pairs.Select(p => p.FollowUp).ToHashSet());
        Join(Around, (b, f) => !matched.Contains(b) && !matchedAgain.Contains(f));
        return Groups(baseline, followUp, pairs);

        void Join(Vector3D[] offsets, Func<int, int, bool> wanted)
        {
            pairs.UnionWith(followUp.Meets(baseline, followUpToBaseline, offsets).Select(p => (Baseline: p.Other, FollowUp: p.Own)).Where(p => wanted(p.Baseline, p.FollowUp)));
            pairs.UnionWith(baseline.Meets(followUp, back, offsets).Select(p => (Baseline: p.Own, FollowUp: p.Other)).Where(p => wanted(p.Baseline, p.FollowUp)));
        }
    }

    private static List<MatchedLesions> Groups(LocatedLesions baseline, LocatedLesions followUp, HashSet<(int Baseline, int FollowUp)> pairs)
    {
        // Lesions of both scans are one list, and each starts as a group of its own.
        var group = Enumerable.Range(0, baseline.Count + followUp.Count).ToArray();
        foreach (var (b, f) in pairs)
        {
            var (joined, other) = (group[b], group[baseline.Count + f]);
            for (var i = 0; i < group.Length; i++)
            {
                group[i] = group[i] == other ? joined : group[i];
            }
        }

        return
        [
            .. Enumerable.Range(0, group.Length).GroupBy(i => group[i])
                .Select(members => Of([.. members.Where(i => i < baseline.Count)], [.. members.Where(i => i >= baseline.Count).Select(i => i - baseline.Count)]))
                .OrderByDescending(m => m.FollowUpMl).ThenByDescending(m => m.BaselineMl),
        ];

        MatchedLesions Of(int[] before, int[] after) => new(
            before.Length > 0 ? baseline.TypeOf(before[0]) : followUp.TypeOf(after[0]),
            [.. before.Select(i => i + 1)],
            [.. after.Select(i => i + 1)],
            before.Sum(baseline.VolumeMl),
            after.Sum(followUp.VolumeMl));
    }
}
