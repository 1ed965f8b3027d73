using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>Extradural and subdural blood look alike in a single voxel; what tells them apart is the shape of the whole collection.</summary>
public static class ExtraAxialCollections
{
    /// <summary>Where one type makes up less than this share of a collection it is taken for mistaken voxels; above it, for two
    /// collections in contact.</summary>
    private const double MistakenShare = 0.25;

    /// <summary>Gives every connected collection of EDH and SDH voxels (26-neighbourhood) that is nearly all of one type that type.</summary>
    /// <remarks>A small extradural collection that touches a large subdural one becomes part of it, or the other way round, so a model
    /// asks for this in its manifest (<see cref="ModelManifest.OneTypePerExtraAxialCollection"/>).</remarks>
    /// <returns>A new mask; the same one where every collection has one type already.</returns>
    public static LabelVolume Unify(LabelVolume mask)
    {
        var geometry = mask.Geometry;
        var blood = new byte[mask.Labels.Length];
        for (var i = 0; i < blood.Length; i++)
        {
            blood[i] = mask.Labels[i] is (byte)HemorrhageType.Edh or (byte)HemorrhageType.Sdh ? (byte)1 : (byte)0;
        }

        byte[]? unified = null;
        foreach (var collection in ConnectedComponents.Find(blood, geometry.Columns, geometry.Rows, geometry.SliceCount))
        {
            var (edhMm, sdhMm) = LengthsMm(mask, collection.Span);
            if (edhMm == 0 || sdhMm == 0 || Math.Min(edhMm, sdhMm) >= MistakenShare * (edhMm + sdhMm))
            {
                continue;
            }

            unified ??= [.. mask.Labels];
            foreach (var run in collection.Span)
            {
                unified.AsSpan(Start(mask, run), run.Length).Fill((byte)(edhMm >= sdhMm ? HemorrhageType.Edh : HemorrhageType.Sdh));
            }
        }

        return unified is null ? mask : new LabelVolume(geometry, unified);
    }

    /// <summary>Voxels of each type times the extents of their slices; all voxels have the same area.</summary>
    private static (double EdhMm, double SdhMm) LengthsMm(LabelVolume mask, ReadOnlySpan<LabelRun> collection)
    {
        var (edh, sdh) = (0.0, 0.0);
        foreach (var run in collection)
        {
            var edhVoxels = mask.Labels.AsSpan(Start(mask, run), run.Length).Count((byte)HemorrhageType.Edh);
            edh += edhVoxels * mask.Geometry.SliceExtentMm(run.Slice);
            sdh += (run.Length - edhVoxels) * mask.Geometry.SliceExtentMm(run.Slice);
        }

        return (edh, sdh);
    }

    private static int Start(LabelVolume mask, LabelRun run) => (((run.Slice * mask.Geometry.Rows) + run.Row) * mask.Geometry.Columns) + run.Start;
}
