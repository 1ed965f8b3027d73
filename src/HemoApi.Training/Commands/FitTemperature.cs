using System.Globalization;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Commands;

/// <summary>The temperatures of a model's classes, from studies that neither training, thresholds nor evaluations see.</summary>
internal static class FitTemperature
{
    /// <param name="studies">None fits nothing.</param>
    /// <returns>The manifest with temperatures, and with thresholds that cut where they did.</returns>
    public static ModelManifest Run(ModelManifest manifest, byte[] onnx, EngineOptions options, IReadOnlyCollection<EvaluationStudy> studies, CancellationToken cancellation)
    {
        if (studies.Count == 0)
        {
            return manifest;
        }

        using var model = ModelPair.Load(manifest, onnx, options);
        var fitted = TemperatureFit.Fit(model, studies, cancellation).Value;
        foreach (var f in fitted)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"temperature of {f.Type.Code()} on {studies.Count} studies, {f.Pixels} pixels near and in lesions: {f.Temperature:F3}; log loss {f.LogLoss.Before:F4}, then {f.LogLoss.After:F4}; expected calibration error {f.Error.Before:F4}, then {f.Error.After:F4}"));
        }

        return TemperatureFit.Apply(manifest, fitted);
    }
}
