using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>Extradural and subdural blood look alike in a single voxel; what tells them apart is the blood around it.</summary>
public static class ExtraAxialTypes
{
    /// <summary>Gives every voxel of EDH and SDH the type that most of the blood around it has, within its connected collection
    /// (26-neighbourhood): volumes count by a Gaussian of their distance (SD <see cref="NeighbourhoodVotes.SdMm"/> mm). Stray voxels
    /// take the type of their collection, two collections in contact keep theirs.</summary>
    /// <remarks>A model asks for this in its manifest (<see cref="ModelManifest.ExtraAxialTypeByNeighbourhood"/>). Types change in steps of
    /// about 2 mm.</remarks>
    /// <returns>A new mask; the same one where every collection has one type already.</returns>
    public static LabelVolume Smooth(LabelVolume mask)
    {
        var geometry = mask.Geometry;
        var blood = new byte[mask.Labels.Length];
        for (var i = 0; i < blood.Length; i++)
        {
            blood[i] = mask.Labels[i] is (byte)HemorrhageType.Edh or (byte)HemorrhageType.Sdh ? (byte)1 : (byte)0;
        }

        byte[]? smoothed = null;
        foreach (var collection in ConnectedComponents.Find(blood, geometry.Columns, geometry.Rows, geometry.SliceCount))
        {
            if (HasOneType(mask, collection.Span))
            {
                continue;
            }

            smoothed ??= [.. mask.Labels];
            var votes = new NeighbourhoodVotes(geometry, collection.Span);
            foreach (var run in collection.Span)
            {
                var first = run.FirstVoxel(geometry);
                for (var i = 0; i < run.Length; i++)
                {
                    votes.Add(run.Slice, run.Row, run.Start + i, mask.Labels[first + i] == (byte)HemorrhageType.Edh ? 1 : -1);
                }
            }

            votes.Count();
            foreach (var run in collection.Span)
            {
                var first = run.FirstVoxel(geometry);
                for (var i = 0; i < run.Length; i++)
                {
                    // A tie leaves the voxel as it is.
                    var vote = votes.Of(run.Slice, run.Row, run.Start + i);
                    if (vote != 0)
                    {
                        smoothed[first + i] = (byte)(vote > 0 ? HemorrhageType.Edh : HemorrhageType.Sdh);
                    }
                }
            }
        }

        return smoothed is null ? mask : new LabelVolume(geometry, smoothed);
    }

    private static bool HasOneType(LabelVolume mask, ReadOnlySpan<LabelRun> collection)
    {
        var first = mask.Labels[collection[0].FirstVoxel(mask.Geometry)];
        foreach (var run in collection)
        {
            if (mask.Labels.AsSpan(run.FirstVoxel(mask.Geometry), run.Length).ContainsAnyExcept(first))
            {
                return false;
            }
        }

        return true;
    }
}
