using System.Runtime.InteropServices;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>Which lesion of a reference a found one is. Works on runs, so that memory grows with outlines and not with the volume.</summary>
internal sealed class LesionOverlap
{
    private readonly Dictionary<(int Slice, int Row), List<(int Start, int End, int Lesion)>> _rows = [];

    public LesionOverlap(IReadOnlyList<ConnectedLesion> reference)
    {
        for (var lesion = 0; lesion < reference.Count; lesion++)
        {
            foreach (var run in reference[lesion].Runs.Span)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(_rows, (run.Slice, run.Row), out _) ??= []).Add((run.Start, run.End, lesion));
            }
        }
    }

    /// <returns>Index of the reference's lesion that shares most voxels, the first of several; null where none shares any.</returns>
    public int? MostSharedBy(ConnectedLesion found)
    {
        var shared = new SortedDictionary<int, int>();
        foreach (var run in found.Runs.Span)
        {
            foreach (var (start, end, lesion) in _rows.GetValueOrDefault((run.Slice, run.Row)) ?? [])
            {
                var both = Math.Min(end, run.End) - Math.Max(start, run.Start);
                if (both > 0)
                {
                    shared[lesion] = shared.GetValueOrDefault(lesion) + both;
                }
            }
        }

        return shared.Count == 0 ? null : shared.MaxBy(s => s.Value).Key;
    }
}
