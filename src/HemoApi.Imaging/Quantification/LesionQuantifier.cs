using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>Volumes and lesions of a mask, in the true geometry of its series.</summary>
public static class LesionQuantifier
{
    /// <param name="probabilities">What the mask was made of; null where it is not known, as for a reader's mask.</param>
    /// <exception cref="ArgumentException">Mask, image and probabilities are not on the same geometry.</exception>
    public static Quantities Measure(CtVolume image, LabelVolume mask, ProbabilityLevels? probabilities = null)
    {
        var geometry = image.Geometry;
        if (!ReferenceEquals(geometry, mask.Geometry) || (probabilities is not null && !ReferenceEquals(geometry, probabilities.Geometry)))
        {
            throw new ArgumentException("mask, image and probabilities must share their geometry", nameof(mask));
        }

        var found = ConnectedLesions.LargestFirst(mask);
        var (plane, ranges) = (default(SymmetryPlane), default(IReadOnlyList<ProbabilityRange>));
        Parallel.Invoke(
            () => plane = found.Count > 0 ? SymmetryPlane.Find(image) : null,
            () => ranges = probabilities is null ? null : ProbabilityRange.OfAll(found, probabilities));
        var peaks = probabilities is null ? null : MaximumProbability.OfAll(found, probabilities);
        var lesions = new Lesion[found.Count];
        Parallel.For(0, found.Count, i => lesions[i] = Describe(i + 1, image, found[i], plane, ranges?[i], peaks?[i]));
        var volumes = HemorrhageTypes.All.Select(type => OfType(type, lesions)).ToList();
        return new Quantities(
            volumes,
            volumes.Sum(volume => volume.VolumeMl),
            volumes.Sum(volume => volume.VolumeByThicknessMl),
            lesions,
            plane);
    }

    private static TypeVolume OfType(HemorrhageType type, IEnumerable<Lesion> lesions)
    {
        var own = lesions.Where(lesion => lesion.Type == type).ToList();
        return new TypeVolume(
            type,
            own.Sum(lesion => lesion.VolumeMl),
            own.Sum(lesion => lesion.VolumeByThicknessMl),
            own.Count,
            own.Count > 0 ? Together([.. own.Select(lesion => lesion.Uncertainty)]) : null,
            own.Exists(lesion => lesion.Abc2 is not null) ? own.Sum(lesion => lesion.Abc2!.VolumeMl) : null);
    }

    private static VolumeUncertainty Together(IReadOnlyList<VolumeUncertainty> lesions) => new(
        lesions.All(l => l.FromProbabilities is not null)
            ? new(
                lesions.Sum(l => l.FromProbabilities!.ExpectedMl),
                lesions.Sum(l => l.FromProbabilities!.LowMl),
                lesions.Sum(l => l.FromProbabilities!.HighMl))
            : null,
        new(lesions.Sum(l => l.FromPartialVolume.LowestMl), lesions.Sum(l => l.FromPartialVolume.HighestMl)));

    private static Lesion Describe(int id, CtVolume image, ConnectedLesion lesion, SymmetryPlane? plane, ProbabilityRange? range, double? maximumProbability)
    {
        var geometry = image.Geometry;
        var box = BoxOf(lesion);
        var volumeMl = lesion.VolumeMl(geometry);
        var surfaceMm2 = SurfaceArea.Mm2(lesion, box, geometry);
        return new Lesion(
            id,
            lesion.Type,
            volumeMl,
            lesion.VolumeByThicknessMl(geometry),
            CentroidLpsMm(lesion, geometry),
            box,
            HuDistribution.Of(image, lesion),
            surfaceMm2,
            Math.Cbrt(Math.PI) * Math.Pow(6 * volumeMl * 1000, 2.0 / 3) / surfaceMm2,
            LongestDiameter.Mm(lesion, geometry),
            lesion.Type == HemorrhageType.Ich ? null : MaximalThickness.Mm(image, lesion, box),
            plane is null ? null : LesionSide.Of(lesion, geometry, plane),
            new(range, PartialVolumeRange.Of(lesion, box, geometry)),
            maximumProbability,
            Abc2Estimate.AppliesTo(lesion.Type) ? Abc2Estimate.Of(lesion, geometry) : null,
            TouchesBorder(box, geometry));
    }

    private static Vector3D CentroidLpsMm(ConnectedLesion lesion, VolumeGeometry geometry)
    {
        var (weight, centre) = (0.0, default(Vector3D));
        foreach (var run in lesion.Runs.Span)
        {
            var volume = run.Length * geometry.SliceExtentMm(run.Slice);
            weight += volume;
            centre += geometry.ToLpsMm((run.Start + run.End - 1) / 2.0, run.Row, run.Slice) * volume;
        }

        return centre * (1 / weight);
    }

    private static VoxelBox BoxOf(ConnectedLesion lesion)
    {
        var runs = lesion.Runs.Span;
        var (minColumn, maxColumn, minRow, maxRow) = (int.MaxValue, 0, int.MaxValue, 0);
        foreach (var run in runs)
        {
            minColumn = Math.Min(minColumn, run.Start);
            maxColumn = Math.Max(maxColumn, run.End - 1);
            minRow = Math.Min(minRow, run.Row);
            maxRow = Math.Max(maxRow, run.Row);
        }

        return new VoxelBox(minColumn, minRow, runs[0].Slice, maxColumn, maxRow, runs[^1].Slice);
    }

    private static bool TouchesBorder(VoxelBox box, VolumeGeometry geometry) =>
        box.MinColumn == 0 || box.MinRow == 0 || box.MinSlice == 0
        || box.MaxColumn == geometry.Columns - 1
        || box.MaxRow == geometry.Rows - 1
        || box.MaxSlice == geometry.SliceCount - 1;
}
