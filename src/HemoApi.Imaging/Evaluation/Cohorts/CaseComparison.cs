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

    public int ReferenceLesionCount => ReferenceLesionsMl.Count;

    /// <summary>Neither holds the type; see <see cref="TypeAgreement"/> for how such cases count.</summary>
    public bool IsEmpty => Agreement is { VolumeMl: 0, ReferenceVolumeMl: 0 };
}

/// <param name="Hits">The lesion of the reference, counted from 0, that it shares most voxels with; null where it shares none.</param>
public sealed record FoundLesion(double VolumeMl, int? Hits);

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
    /// <exception cref="ArgumentException">Masks that are not on the same geometry.</exception>
    public static CaseComparison Of(LabelVolume mask, LabelVolume reference, IReadOnlyList<(string Reader, LabelVolume Mask)> readers)
    {
        var agreements = MaskAgreement.Compare(mask, reference);
        var (ours, theirs) = (ConnectedLesions.Find(mask), ConnectedLesions.Find(reference));
        return new(
            [.. agreements.Select(agreement => Compare(agreement, mask, reference, ours, theirs))],
            [.. readers.Select(r => new ReaderComparison(r.Reader, MaskAgreement.Compare(r.Mask, reference)))],
            [.. from i in Enumerable.Range(0, readers.Count)
                from j in Enumerable.Range(i + 1, readers.Count - i - 1)
                select new ReaderPair(readers[i].Reader, readers[j].Reader, MaskAgreement.Compare(readers[i].Mask, readers[j].Mask))]);
    }

    private static TypeComparison Compare(
        TypeAgreement agreement, LabelVolume mask, LabelVolume reference, IReadOnlyList<ConnectedLesion> ours, IReadOnlyList<ConnectedLesion> theirs)
    {
        var type = agreement.Type;
        List<ConnectedLesion> found = [.. ours.Where(lesion => lesion.Type == type)];
        List<ConnectedLesion> truth = [.. theirs.Where(lesion => lesion.Type == type)];
        var overlap = new LesionOverlap(truth);
        double? Abc2(List<ConnectedLesion> lesions) =>
            Abc2Estimate.AppliesTo(type) ? lesions.Sum(lesion => Abc2Estimate.Of(lesion, mask.Geometry).VolumeMl) : null;
        return new(
            agreement,
            SurfaceDistances.Between(mask, reference, type),
            Abc2(found),
            Abc2(truth),
            [.. found.Select(lesion => new FoundLesion(lesion.VolumeMl(mask.Geometry), overlap.MostSharedBy(lesion)))],
            [.. truth.Select(lesion => lesion.VolumeMl(reference.Geometry))]);
    }
}
