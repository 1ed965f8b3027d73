using System.Text.Json;
using HemoApi.Imaging.Inference;

namespace HemoApi.Training.Evaluation;

/// <summary>Figures of evaluations on a model's card. Those of a cohort and the others are written by commands of their own, and each leaves
/// the other's alone.</summary>
internal static class CardFigures
{
    public const string CohortPrefix = "cohort";
    private const string CohortText = ". Figures named cohort: ";

    /// <summary>For weights that nothing has been measured with.</summary>
    public static ModelCard Unmeasured(this ModelCard card) => card with { EvaluationData = "Not yet evaluated", Metrics = new Dictionary<string, double>() };

    /// <summary>For another form of the same weights: whose figures these are.</summary>
    public static ModelCard MeasuredAs(this ModelCard card, string id) => card with { EvaluationData = $"Measured with {id}, of which this is an int8 form: {card.EvaluationData}" };

    /// <summary>Replaces all figures but those of a cohort.</summary>
    public static ModelCard WithStudies(this ModelCard card, string evaluationData, IReadOnlyDictionary<string, double> metrics) => card with
    {
        EvaluationData = evaluationData + (CohortAt(card) is >= 0 and var at ? card.EvaluationData[at..] : ""),
        Metrics = Join(metrics, card.Metrics.Where(m => IsCohort(m.Key))),
    };

    /// <summary>Replaces the figures of a cohort.</summary>
    public static ModelCard WithCohort(this ModelCard card, string evaluationData, IReadOnlyDictionary<string, double> metrics) => card with
    {
        EvaluationData = (CohortAt(card) is >= 0 and var at ? card.EvaluationData[..at] : card.EvaluationData) + CohortText + evaluationData,
        Metrics = Join(card.Metrics.Where(m => !IsCohort(m.Key)), metrics),
    };

    public static void Write(string manifestFile, ModelManifest manifest) =>
        File.WriteAllText(manifestFile, JsonSerializer.Serialize(manifest, ModelManifest.JsonOptions) + "\n");

    private static int CohortAt(ModelCard card) => card.EvaluationData.IndexOf(CohortText, StringComparison.Ordinal);

    private static bool IsCohort(string name) => name.StartsWith(CohortPrefix, StringComparison.Ordinal);

    private static Dictionary<string, double> Join(IEnumerable<KeyValuePair<string, double>> first, IEnumerable<KeyValuePair<string, double>> then) => new(first.Concat(then));
}
