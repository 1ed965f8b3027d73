using System.Text.Json;
using System.Text.RegularExpressions;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;

namespace HemoApi.Imaging.Inference;

/// <summary>Reads manifests strictly: unknown, missing, null and repeated members are refused, and so is every value that the
/// pipeline could not work with.</summary>
public static partial class ManifestReader
{
    private const string Remedy = "Correct the manifest, or export the model again.";
    private const int LargestFrame = 4096;

    /// <param name="name">The file's name in messages.</param>
    /// <returns>The manifest, or <c>model.integrity</c>.</returns>
    public static Outcome<ModelManifest> Read(ReadOnlySpan<byte> json, string name)
    {
        ModelManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<ModelManifest>(json, ModelManifest.JsonOptions);
        }
        catch (JsonException e)
        {
            return Refusal(name, $"is not a manifest (at {e.Path ?? "$"}, line {e.LineNumber + 1})");
        }

        if (manifest is null)
        {
            return Refusal(name, "is not a manifest");
        }

        return Problem(manifest) is { } problem ? Refusal(name, problem) : manifest;
    }

    /// <summary>What is wrong with the manifest, as the end of a sentence; null where nothing is.</summary>
    private static string? Problem(ModelManifest manifest)
    {
        var (input, output) = (manifest.Input, manifest.Output);
        (bool Holds, string Otherwise)[] rules =
        [
            (manifest.SchemaVersion == ModelManifest.CurrentSchemaVersion,
                $"has schema version {manifest.SchemaVersion}, this release reads {ModelManifest.CurrentSchemaVersion}"),
            (Id().IsMatch(manifest.Id), "has an id that is not 1 to 64 lower-case letters, digits, dots and dashes"),
            (manifest.Version.Length > 0, "has no version"),
            (Hash().IsMatch(manifest.Sha256), "has a sha256 that is not 64 lower-case hex digits"),
            (input.Name.Length > 0 && output.Name.Length > 0, "does not name the network's input and output"),
            (input.SizeMultiple is > 0 and <= LargestFrame, "has a sizeMultiple that is not positive"),
            (input.FullSize is > 0 and <= LargestFrame && input.FullSize % Math.Max(1, input.SizeMultiple) == 0,
                "has a fullSize that is not a positive multiple of sizeMultiple"),
            (input.SpacingMm is >= 0.1 and <= 5, "has a spacingMm outside of 0.1 to 5"),
            (double.IsFinite(input.Hu.LowHu) && double.IsFinite(input.Hu.HighHu) && input.Hu.LowHu < input.Hu.HighHu, "has an empty HU window"),
            (double.IsFinite(input.Hu.UpperTail) && double.IsFinite(input.Hu.LowerTail), "has an HU tail that is no number"),
            (output.Classes.Count == output.Thresholds.Count, "has not one threshold for each class"),
            (output.Classes.Order().SequenceEqual(HemorrhageTypes.All.Select(type => type.Code()).Order()), "has not each of the classes ICH, EDH and SDH once"),
            (output.Thresholds.All(threshold => threshold is > 0 and <= 1), "has a threshold that is not above 0 and up to 1"),
            (output.Temperature is null || output.Temperature.Count == output.Classes.Count, "has not one temperature for each class"),
            (output.Temperature is null || output.Temperature.All(temperature => temperature is >= 0.05f and <= 20), "has a temperature outside of 0.05 to 20"),
            (manifest.MinimumLesionVolumeMl is >= 0 and <= 1000, "has a minimumLesionVolumeMl outside of 0 to 1000"),
            (manifest.MinimumMeanProbability is >= 0 and <= 1, "has a minimumMeanProbability outside of 0 to 1"),
            (manifest.MinimumSupport is >= 0 and <= 1, "has a minimumSupport outside of 0 to 1"),
            (manifest.FindingRules?.All(rule => rule is not null && rule.IsSound(FindingEvidence.Names.Count)) ?? true, "has a finding rule that can't be applied"),
            (manifest.FindingRules is null || manifest.FindingRules.DistinctBy(rule => rule?.Type).Count() == manifest.FindingRules.Count, "has two finding rules for one type"),
            (IsRange(manifest.TrainingRange.SliceThicknessMm) && IsRange(manifest.TrainingRange.PixelSpacingMm) && IsRange(manifest.TrainingRange.GantryTiltDegrees)
                && (manifest.TrainingRange.MedianSoftTissueHu is not { } median || IsRange(median)),
                "has a training range whose minimum is over its maximum"),
        ];
        return rules.FirstOrDefault(rule => !rule.Holds).Otherwise;
    }

    private static bool IsRange(Interval interval) =>
        double.IsFinite(interval.Minimum) && double.IsFinite(interval.Maximum) && interval.Minimum <= interval.Maximum;

    private static Fault Refusal(string name, string problem) => new(FaultCodes.ModelIntegrity, $"{name} {problem}.", Remedy);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{0,63}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Hash();
}
