namespace HemoApi.Evaluations;

/// <summary>How the figures count, said once and written into every result.</summary>
/// <param name="EmptyMasks">What becomes of cases in which a mask does not hold the type.</param>
/// <param name="Volumes">What a volume is.</param>
/// <param name="Intervals">What the intervals are.</param>
/// <param name="Icc">Which form the intraclass correlation has.</param>
/// <param name="Tests">How the Wilcoxon test is done.</param>
/// <param name="Abc2">Whose ABC/2 it is.</param>
/// <param name="Detection">When a case or a lesion counts as found.</param>
public sealed record EvaluationConventions(
    string EmptyMasks, string Volumes, string Intervals, string Icc, string Tests, string Abc2, string Detection)
{
    public static EvaluationConventions Current { get; } = new(
        "Where neither the model nor the reference holds a type, the case counts for specificity and ROC alone and is left out of overlap and volume statistics: "
            + "counting it as agreement would reward scans without hemorrhage. Where only one holds it, Dice and IoU are 0 and stay in the means; precision is missing where "
            + "the model's mask is empty, recall where the reference is, and distances are missing in both cases; every figure says how many are missing. Volume differences exist always. "
            + "referenceDice and referenceVolume leave out the cases in which the model alone found some, as Xu et al. 2021 and the ABC/2 beside them do.",
        "Segmented area × the slice's true extent along its normal, of mask and reference alike, in ml. Differences are model − reference.",
        "95 %. Means and medians: bootstrap over cases, bias-corrected and accelerated, 2000 replicates, fixed seed. Proportions: Wilson. Pearson: Fisher's z. "
            + "AUC: DeLong. Limits of agreement: mean difference ± 1.96 SD, their intervals by Student's t.",
        "Two-way, single measurement. The ICC to report is the agreement form, ICC(2,1) of Shrout and Fleiss or ICC(A,1) of McGraw and Wong; the consistency form ICC(3,1) stands beside it.",
        "Wilcoxon signed-rank, two-sided, zeros left out, ties at mid-ranks; exact to 50 differences, then by the normal approximation with corrections for ties and continuity.",
        "The bedside estimate of the reference's own outlines, so that its error is that of the method and not of a segmentation; intracerebral hemorrhage only. That of the model's mask is with each case.",
        "A case is found where the model's mask holds any voxel of the type. A clean case has no hemorrhage of that type, or of any for anyType, in the reference. ROC scores are the highest probability of the type in any lesion that the model found (rocByProbability) and, as the alternative, the model's volumes (roc); "
            + "where it found nothing both are 0. "
            + "FROC: connected lesions (26 neighbours); one of the model hits the lesion of the reference that it shares most voxels with; one that shares none is a false positive; its score is the highest probability of the type in its voxels (frocByProbability) or, as the alternative, its volume (froc). "
            + "Lesions of the reference under 0.1 ml are neither to be found nor false to find. Lesions whose probability stays under the model's threshold, or that its cleaning drops, never appear: "
            + "FROC curves end at the model's operating point, and beyond it ROC curves are the straight line to (1, 1), which their areas include.");
}
