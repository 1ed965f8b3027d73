using HemoApi.Imaging;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Training.Cases;

namespace HemoApi.Training.Evaluation;

/// <param name="Type">Of the class.</param>
/// <param name="Pixels">That it was fitted on.</param>
/// <param name="LogLoss">Before, with a temperature of 1, and after; nats.</param>
/// <param name="Error">Expected calibration error before, with a temperature of 1, and after.</param>
internal sealed record ClassCalibration(HemorrhageType Type, float Temperature, long Pixels, (double Before, double After) LogLoss, (double Before, double After) Error);

/// <summary>Fits the temperature of each class (<see cref="TemperatureScaling"/>) on studies that training never saw, by the least log loss over
/// the pixels of the network's frame near and in lesions: within 5 mm of blood of any type, or of a probability of 2 % or more of any type,
/// so that what is found where there is nothing counts as well. The rest, far from any doubt, would only flatter the figures.</summary>
internal static class TemperatureFit
{
    private const double NearMm = 5;
    private const float LeastProbability = 0.02f;

    /// <param name="model">Of whatever temperature: its raw output is taken.</param>
    /// <returns>In the order of the output's classes; a fault of the network otherwise.</returns>
    /// <exception cref="InvalidDataException">No study has a pixel to fit on.</exception>
    public static Outcome<IReadOnlyList<ClassCalibration>> Fit(LoadedModel model, IEnumerable<EvaluationStudy> studies, CancellationToken cancellation)
    {
        var manifest = model.Manifest;
        HemorrhageType[] types = [.. manifest.Output.Classes.Select(code => HemorrhageTypes.Find(code)!.Value)];
        CalibrationHistogram[] histograms = [.. types.Select(_ => new CalibrationHistogram())];
        var radius = (int)Math.Round(NearMm / manifest.Input.SpacingMm);
        foreach (var slice in studies.SelectMany(study => FrameSlices.Of(study.Image, study.Reference, manifest.Input)))
        {
            cancellation.ThrowIfCancellationRequested();
            var input = new float[slice.Hu.Length];
            manifest.Input.Hu.Apply(Array.ConvertAll(slice.Hu, hu => (float)hu), input);
            if (!model.Run(input, 1, slice.Height, slice.Width).TryGet(out var probabilities, out var fault))
            {
                return fault;
            }

            using (probabilities)
            {
                Add(histograms, types, probabilities.Slice(0), slice, Near(slice, radius));
            }
        }

        if (histograms[0].Count == 0)
        {
            throw new InvalidDataException("the studies hold no blood and none was found: there is nothing to fit a temperature on");
        }

        List<ClassCalibration> fitted = [.. types.Zip(histograms, Fit)];
        return fitted;
    }

    /// <summary>The manifest with the temperatures fitted, and with its thresholds where they cut the same pixels as before.</summary>
    public static ModelManifest Apply(ModelManifest manifest, IReadOnlyList<ClassCalibration> fitted)
    {
        var output = manifest.Output;
        double Same(float threshold, int c) => threshold >= 1 ? 1
            : TemperatureScaling.Scale(TemperatureScaling.Scale(threshold, 1 / (output.Temperature?[c] ?? 1.0)), fitted[c].Temperature);
        return manifest with
        {
            Output = output with
            {
                Temperature = [.. fitted.Select(f => f.Temperature)],
                Thresholds = [.. output.Thresholds.Select((t, c) => (float)Math.Round(Same(t, c), 4))],
            },
        };
    }

    private static ClassCalibration Fit(HemorrhageType type, CalibrationHistogram histogram)
    {
        var temperature = (float)Math.Round(histogram.BestTemperature(), 3);
        return new(
            type,
            temperature,
            histogram.Count,
            (histogram.LogLoss(1), histogram.LogLoss(temperature)),
            (histogram.ExpectedCalibrationError(1), histogram.ExpectedCalibrationError(temperature)));
    }

    private static void Add(CalibrationHistogram[] histograms, HemorrhageType[] types, ReadOnlySpan<float> probabilities, FrameSlice slice, bool[] near)
    {
        var pixels = near.Length;
        for (var i = 0; i < pixels; i++)
        {
            var isCounted = near[i];
            for (var c = 0; c < types.Length && !isCounted; c++)
            {
                isCounted = probabilities[(c * pixels) + i] >= LeastProbability;
            }

            for (var c = 0; c < types.Length && isCounted; c++)
            {
                histograms[c].Add(probabilities[(c * pixels) + i], slice.Labels[i] == (byte)types[c]);
            }
        }
    }

    /// <summary>Pixels with blood no further than the radius away along both axes.</summary>
    private static bool[] Near(FrameSlice slice, int radius)
    {
        bool[] blood = Array.ConvertAll(slice.Labels, label => label > 0);
        return Array.IndexOf(blood, true) < 0
            ? blood
            : Spread(Spread(blood, slice.Height, slice.Width, slice.Width, 1, radius), slice.Width, slice.Height, 1, slice.Width, radius);
    }

    private static bool[] Spread(bool[] from, int lines, int length, int lineStride, int stride, int radius)
    {
        var spread = new bool[from.Length];
        for (var line = 0; line < lines; line++)
        {
            var reached = -1;
            for (var i = 0; i < Math.Min(radius, length); i++)
            {
                reached = from[(line * lineStride) + (i * stride)] ? i + radius : reached;
            }

            for (var i = 0; i < length; i++)
            {
                reached = i + radius < length && from[(line * lineStride) + ((i + radius) * stride)] ? i + (2 * radius) : reached;
                spread[(line * lineStride) + (i * stride)] = i <= reached;
            }
        }

        return spread;
    }
}
