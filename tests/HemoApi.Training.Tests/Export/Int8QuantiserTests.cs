using HemoApi.Training.Export.Int8;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace HemoApi.Training.Tests.Export;

/// <summary>The bundled network and its int8 variants on phantom slices that calibration has not seen.</summary>
public sealed class Int8QuantiserTests
{
    private static readonly byte[] Bundled = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "dense-unet-phantom.onnx"));

    [Theory]
    [InlineData("Int8", 0.80, 0.006)]
    [InlineData("Mixed", 0.90, 0.004)]
    public void An_int8_network_finds_the_blood_that_the_float_network_finds(string variant, double leastDice, double largestDifference)
    {
        var quantised = Int8Quantiser.Quantise(Bundled, Enum.Parse<Int8Variant>(variant), Slices(TrainingSeeds.QuantisationStart, 8, 256), TestContext.Current.CancellationToken);

        var (both, sum, difference, count) = (0, 0, 0.0, 0);
        using var ofFloat = new InferenceSession(Bundled);
        using var ofBytes = new InferenceSession(quantised);
        foreach (var slice in Slices(TrainingSeeds.ValidationStart, 10, 256))
        {
            var (expected, actual) = (Run(ofFloat, slice), Run(ofBytes, slice));
            for (var i = 0; i < expected.Length; i++)
            {
                var (e, a) = (expected[i] >= 0.5f, actual[i] >= 0.5f);
                both += e && a ? 1 : 0;
                sum += (e ? 1 : 0) + (a ? 1 : 0);
                difference += Math.Abs(expected[i] - actual[i]);
                count++;
            }
        }

        Assert.True(sum > 2000, "there is nothing to find on these slices");
        Assert.InRange(2.0 * both / sum, leastDice, 1);
        Assert.InRange(difference / count, 0, largestDifference);
        Assert.InRange(quantised.Length, Bundled.Length / 5, Bundled.Length / 3);
    }

    [Fact]
    public void Folding_norms_changes_nothing()
    {
        var model = ModelProto.Parser.ParseFrom(Bundled);
        NormFolding.Fold(model.Graph, keepStandalone: false);
        Assert.DoesNotContain(model.Graph.Node, n => n.OpType == "BatchNormalization");

        using var before = new InferenceSession(Bundled);
        using var after = new InferenceSession(Google.Protobuf.MessageExtensions.ToByteArray(model));
        foreach (var slice in Slices(TrainingSeeds.ValidationStart, 2, 128))
        {
            Assert.InRange(Run(before, slice).Zip(Run(after, slice), (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4);
        }
    }

    [Fact]
    public void A_byte_holds_zero_exactly_and_clips_what_would_cost_the_rest_its_precision()
    {
        var wide = Uint8Range.Of(-1, 3);
        Assert.Equal(64, wide.ZeroPoint);

        // A million values up to 1 and one of 1.3: finer steps for all but one are worth its error.
        float[] samples = [.. Enumerable.Range(0, 1_000_000).Select(i => i / 1e6f), 1.3f];
        Assert.InRange(Uint8Range.Fit(samples, 0, 1.3f, isRectified: true).Scale * 255, 0.99, 1.06);
        Assert.Equal(0, Uint8Range.Fit([-5, 1], -5, 1, isRectified: true).ZeroPoint);
    }

    [Fact]
    public void What_is_no_network_of_this_project_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => Int8Quantiser.Quantise([1, 2, 3], Int8Variant.Int8, [], CancellationToken.None));
    }

    private static IEnumerable<TrainingSample> Slices(ulong first, int count, int size) => Enumerable.Range(0, count).Select(i => PhantomSource.Sample(first + (ulong)i, size));

    private static float[] Run(InferenceSession session, TrainingSample slice)
    {
        using var image = OrtValue.CreateTensorValueFromMemory(slice.Image, [1, 1, slice.Size, slice.Size]);
        using var options = new RunOptions();
        using var values = session.Run(options, ["image"], [image], ["probabilities"]);
        return values[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
