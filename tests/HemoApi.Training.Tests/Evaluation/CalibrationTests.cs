using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Tests.Evaluation;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(2.5)]
    [InlineData(0.6)]
    public void The_temperature_by_which_a_network_is_over_or_underconfident_is_found(double temperature)
    {
        var (histogram, random) = (new CalibrationHistogram(), new Random(3));
        for (var i = 0; i < 200_000; i++)
        {
            var logit = (random.NextDouble() * 10) - 6;
            histogram.Add((float)Sigmoid(logit * temperature), random.NextDouble() < Sigmoid(logit));
        }

        Assert.Equal(temperature, histogram.BestTemperature(), 0.02 * temperature);
        Assert.InRange(histogram.ExpectedCalibrationError(temperature), 0, 0.005);
        Assert.True(histogram.ExpectedCalibrationError(1) > 0.03, "the network was calibrated to begin with");
        Assert.True(histogram.LogLoss(temperature) < histogram.LogLoss(1), "the log loss is not less at the right temperature");
    }

    [Fact]
    public void Log_loss_and_calibration_error_are_those_of_the_definition()
    {
        var histogram = new CalibrationHistogram();
        (float Probability, bool IsClass)[] pixels = [(0.9f, true), (0.9f, false), (0.2f, false), (0.25f, true)];
        foreach (var (probability, isClass) in pixels)
        {
            histogram.Add(probability, isClass);
        }

        // Bins of 1/15: 0.9 twice in the 14th, 0.2 and 0.25 in the fourth (0.2 is its lower edge).
        Assert.Equal((Math.Abs(1.8 - 1) + Math.Abs(0.45 - 1)) / 4, histogram.ExpectedCalibrationError(1), 0.003);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.1) + Math.Log(0.8) + Math.Log(0.25)) / 4, histogram.LogLoss(1), 0.003);
    }

    [Fact]
    public void A_network_is_fitted_on_whole_studies_and_its_thresholds_cut_where_they_did()
    {
        // The network is certain where the truth is drawn with two and a half times less: logit = 10 × normalised HU.
        var random = new Random(4);
        using var model = TinyNetwork.Load(TinyNetwork.Pointwise((10, 0), TinyNetwork.Never, TinyNetwork.Never), m => m with
        {
            Output = m.Output with { Thresholds = [0.8f, 0.5f, 0.5f] },
        });
        var geometry = new VolumeGeometry(32, 32, new(1, 0, 0), new(0, 1, 0), 1, 1, [.. Enumerable.Range(0, 40).Select(k => new SlicePlane(new(0, 0, k * 5), 5))]);
        var hu = Enumerable.Range(0, (int)geometry.VoxelCount).Select(_ => (short)random.Next(0, 100)).ToArray();
        var labels = hu.Select(h => random.NextDouble() < Sigmoid(10 * HuNormalisation.Default.Apply(h) / 2.5) ? (byte)1 : (byte)0).ToArray();

        var fitted = TemperatureFit.Fit(model, [new("study", new CtVolume(geometry, hu), new LabelVolume(geometry, labels))], CancellationToken.None).Value;

        Assert.Equal([HemorrhageType.Ich, HemorrhageType.Edh, HemorrhageType.Sdh], fitted.Select(f => f.Type));
        Assert.Equal(hu.Length, fitted[0].Pixels);
        Assert.InRange(fitted[0].Temperature, 2.4f, 2.6f);
        Assert.True(fitted[0].Error.After < fitted[0].Error.Before / 3, $"{fitted[0]}");

        var manifest = TemperatureFit.Apply(model.Manifest, fitted);
        Assert.Equal(Sigmoid(Math.Log(0.8 / 0.2) / fitted[0].Temperature), manifest.Output.Thresholds[0], 1e-3);
        Assert.Equal(0.5f, manifest.Output.Thresholds[1], 1e-3f);

        // Fitted once more, on what is calibrated already: the raw output has not changed, so neither do temperature and thresholds.
        Assert.Equal(manifest.Output.Thresholds[0], TemperatureFit.Apply(manifest, fitted).Output.Thresholds[0], 1e-3f);
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
