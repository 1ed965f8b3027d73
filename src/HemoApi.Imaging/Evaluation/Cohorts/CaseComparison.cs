using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;

namespace HemoApi.Imaging.Evaluation.Cohorts;

/// <summary>One type of one case.</summary>
/// <param name="Distances">Null where either mask does not hold the type.</param>
/// <param name="Abc2Ml">ABC/2 of the mask's own lesions; null for EDH and SDH.</param>
/// <param name="ReferenceAbc2Ml">ABC/2 of the reference's outlines, as a reader would measure them; null for EDH and SDH.</param>
/// <param name="Lesions">Connected lesions of the mask.</param>
/// <param name="ReferenceLesionsMl">Volumes of the connected lesions of the reference.</param>
public sealed record TypeComparison(
    TypeAgreement Agreement,
    SurfaceDistances? Distances,
    double? Abc2Ml,
    double? ReferenceAbc2Ml,
    IReadOnlyList<FoundLesion> Lesions,
    IReadOnlyList<double> ReferenceLesionsMl)
{
    public HemorrhageType Type => Agreement.Type;

    /// <summary>The highest of the mask's lesions; null where there is none, or one is not known.</summary>
    public double? MaximumProbability => Lesions.Count > 0 && Lesions.All(l => l.MaximumProbability is not null) ? Lesions.Max(l => l.MaximumProbability) : null;

    public int ReferenceLesionCount => ReferenceLesionsMl.Count;

    /// <summary>Neither holds the type; see <see cref="TypeAgreement"/> for how such cases count.</summary>
    public bool IsEmpty => Agreement is { VolumeMl: 0, ReferenceVolumeMl: 0 };
}

/// <param name="Hits">The lesion of the reference, counted from 0, that it shares most voxels with; null where it shares none.</param>
/// <param name="MaximumProbability">As <see cref="Lesion.MaximumProbability"/>.</param>
public sealed record FoundLesion(double VolumeMl, int? Hits, double? MaximumProbability = null);

/// <summary>What one reader marked of a case, held against the reference.</summary>
/// <param name="Types">In label order.</param>
public sealed record ReaderComparison(string Reader, IReadOnlyList<TypeAgreement> Types);

/// <summary>How two readers agree with each other.</summary>
/// <param name="Types">The first against the second, in label order.</param>
public sealed record ReaderPair(string First, string Second, IReadOnlyList<TypeAgreement> Types);

/// <summary>A mask against the reference, and the readers of the case against the reference and each other.</summary>
/// <param name="Types">In label order.</param>
/// <param name="Readers">Empty where the reference is the mask of one reader and there are no others.</param>
public sealed record CaseComparison(
    IReadOnlyList<TypeComparison> Types, IReadOnlyList<ReaderComparison> Readers, IReadOnlyList<ReaderPair> Pairs)
{
    /// <param name="readers">The readers' masks, by the code of each.</param>
    /// <param name="maximumProbabilities">Of the mask's lesions, the largest first (<see cref="ConnectedLesions.LargestFirst"/>); null where they are not
    /// known.</param>
    /// <exception cref="ArgumentException">Masks that are not on the same geometry, or another number of probabilities than of lesions.</exception>
    public static CaseComparison Of(
        LabelVolume mask, LabelVolume reference, IReadOnlyList<(string Reader, LabelVolume Mask)> readers, IReadOnlyList<double?>? maximumProbabilities = null)
    {
        var agreements = MaskAgreement.Compare(mask, reference);
        var (found, theirs) = (ConnectedLesions.LargestFirst(mask), ConnectedLesions.Find(reference));
        if (maximumProbabilities is not null && maximumProbabilities.Count != found.Count)
        {
            throw new ArgumentException($"{maximumProbabilities.Count} probabilities for {found.Count} lesions", nameof(maximumProbabilities));
        }

        List<(ConnectedLesion Lesion, double? MaximumProbability)> ours = [.. found.Select((lesion, i) => (lesion, maximumProbabilities?[i]))];
        return new(
            [.. agreements.Select(agreement => Compare(agreement, mask, reference, ours, theirs))],
            [.. readers.Select(r => new ReaderComparison(r.Reader, MaskAgreement.Compare(r.Mask, reference)))],
            [.. from i in Enumerable.Range(0, readers.Count)
                from j in Enumerable.Range(i + 1, readers.Count - i - 1)
                select new ReaderPair(readers[i].Reader, readers[j].Reader, MaskAgreement.Compare(readers[i].Mask, readers[j].Mask))]);
    }

    private static TypeComparison Compare(
        TypeAgreement agreement, LabelVolume mask, LabelVolume reference, IReadOnlyList<(ConnectedLesion Lesion, double? MaximumProbability)> ours, IReadOnlyList<ConnectedLesion> theirs)
    {
        var type = agreement.Type;
        List<(ConnectedLesion Lesion, double? MaximumProbability)> found = [.. ours.Where(own => own.Lesion.Type == type)];
        List<ConnectedLesion> truth = [.. theirs.Where(lesion => lesion.Type == type)];
        var overlap = new LesionOverlap(truth);
        double? Abc2(IEnumerable<ConnectedLesion> lesions) =>
            Abc2Estimate.AppliesTo(type) ? lesions.Sum(lesion => Abc2Estimate.Of(lesion, mask.Geometry).VolumeMl) : null;
        return new(
            agreement,
            SurfaceDistances.Between(mask, reference, type),
            Abc2(found.Select(own => own.Lesion)),
            Abc2(truth),
            [.. found.Select(own => new FoundLesion(own.Lesion.VolumeMl(mask.Geometry), overlap.MostSharedBy(own.Lesion), own.MaximumProbability))],
            [.. truth.Select(lesion => lesion.VolumeMl(reference.Geometry))]);
    }
}
