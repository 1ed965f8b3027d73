using System.Text.Json;
using System.Text.Json.Serialization;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Preprocessing;

namespace HemoApi.Imaging.Inference;

/// <summary>What ships beside every <c>*.onnx</c> as <c>*.json</c>: everything needed to feed the network as it was trained,
/// to read its output, and to judge its results. The service refuses a pair whose hash does not match.</summary>
public sealed record ModelManifest
{
    public const int CurrentSchemaVersion = 1;

    public required int SchemaVersion { get; init; }

    /// <summary>Name in requests (<c>?model=</c>) and results: lower case, digits, dots and dashes.</summary>
    public required string Id { get; init; }

    public required string Version { get; init; }

    /// <summary>SHA-256 of the .onnx file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    public required ModelInput Input { get; init; }

    public required ModelOutput Output { get; init; }

    /// <summary>Connected lesions smaller than this are dropped from mask and volumes.</summary>
    public required double MinimumLesionVolumeMl { get; init; }

    /// <summary>Lesions of 10 ml or more whose voxels have a lower mean probability, of whichever type is likeliest, are dropped; 0 keeps all.</summary>
    public double MinimumMeanProbability { get; init; }

    /// <summary>Lesions under 10 ml are dropped whose support is lower: two thirds of the mean probability over the lesion's voxels and one third of that at
    /// the same places some 5 mm above and below; 0 keeps all.</summary>
    public double MinimumSupport { get; init; }

    /// <summary>At most one for each type. Where there is one, and the places of findings in the head are known, it judges findings under 50 ml in place of the two minima.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FindingRule>? FindingRules { get; init; }

    /// <summary>EDH and SDH voxels get the type that most of the blood around them has.</summary>
    public bool ExtraAxialTypeByNeighbourhood { get; init; }

    /// <summary>Lesions with hardly any bone around them in their slice are dropped: muscle of neck and face.</summary>
    public bool WithinSkullOnly { get; init; }

    public required TrainingRange TrainingRange { get; init; }

    /// <summary>The model card: what it was trained on, how it scored and on what, what it must not be used for.</summary>
    public required ModelCard Card { get; init; }

    public static JsonSerializerOptions JsonOptions { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };
}

/// <param name="Name">Input tensor, float32 [slices, 1, height, width], dynamic in slices, height and width.</param>
/// <param name="FullSize">Side of the square frame that the network was made for, pixels (the paper: 512).</param>
/// <param name="SizeMultiple">Height and width must be multiples of this.</param>
/// <param name="SpacingMm">In-plane distance between pixel centres; slices are resampled to it. Rows run to posterior, columns to the patient's left.</param>
public sealed record ModelInput(string Name, int FullSize, int SizeMultiple, double SpacingMm, HuNormalisation Hu);

/// <param name="Name">Output tensor, float32 probabilities [slices, classes, height, width], one sigmoid for each class.</param>
/// <param name="Classes">Channel order, by the codes of <see cref="HemorrhageType"/>.</param>
/// <param name="Thresholds">A voxel is the class of the highest probability among those at or over their threshold; on calibrated probabilities.</param>
/// <param name="Temperature">One for each class, in the order of the classes, by which the logit of its probability is divided to calibrate it
/// (Guo et al. 2017); absent where probabilities are taken as they come.</param>
public sealed record ModelOutput(
    string Name,
    IReadOnlyList<string> Classes,
    IReadOnlyList<float> Thresholds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<float>? Temperature = null);

/// <summary>Acquisitions seen in training; outside of them results carry a warning.</summary>
/// <param name="SyntheticHemorrhagesOnly">No real hemorrhage was among the training data: every patient who has one is outside of the range.</param>
/// <param name="MedianSoftTissueHu">Median of the voxels from −300 to 300 HU of a scan; absent where it is not known: 10 to 50 HU then.</param>
public sealed record TrainingRange(
    Interval SliceThicknessMm,
    Interval PixelSpacingMm,
    Interval GantryTiltDegrees,
    bool SyntheticHemorrhagesOnly = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Interval? MedianSoftTissueHu = null);

public sealed record Interval(double Minimum, double Maximum)
{
    public bool Contains(double value) => value >= Minimum && value <= Maximum;
}

/// <param name="Metrics">Named figures of the evaluation, e.g. <c>diceIch</c>.</param>
public sealed record ModelCard(
    string Architecture,
    string TrainingData,
    string EvaluationData,
    IReadOnlyDictionary<string, double> Metrics,
    string IntendedUse,
    string Limitations,
    string Licence);
