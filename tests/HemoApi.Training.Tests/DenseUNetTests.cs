using HemoApi.Training.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HemoApi.Training.Tests;

public sealed class DenseUNetTests
{
    [Fact]
    public void Blocks_of_3_6_12_and_8_units_of_growth_32_have_the_papers_widths()
    {
        using var network = new DenseUNet(1);

        Assert.Equal([3, 6, 12, 8], network.Blocks.Select(b => b.Units.Count));
        // 64 + 3·32; half of it + 6·32; half of it + 12·32; half of it + 8·32.
        Assert.Equal([160, 272, 520, 516], network.Blocks.Select(b => b.Outputs));
        Assert.Equal([80, 136, 260, 258], network.Transitions.Select(t => t.Outputs));
    }

    [Fact]
    public void Parameters_are_as_many_as_the_architecture_adds_up_to()
    {
        using var network = new DenseUNet(1);

        // By hand: a unit on c channels has 2c + 128c + 2·128 + 9·128·32, a transition 2c + c²/2, a decoder level of width w
        // 9cw + 9w² + 4w. Encoder 2 436 640, decoder 3 794 531.
        Assert.Equal(2_436_640 + 3_794_531, network.parameters().Sum(p => p.numel()));
    }

    /// <summary>bfloat16 keeps 8 bits of a number: 0.4 % of each, which a dozen layers and their statistics bring to some percent.</summary>
    [Fact]
    public void In_bfloat16_answers_and_gradients_are_nearly_those_of_float32()
    {
        using var scope = NewDisposeScope();
        using var network = new DenseUNet(1);
        network.train();
        TrainingSample[] samples = [.. Enumerable.Range(1, 8).Select(seed => DiscSource.Sample((ulong)seed, 64))];
        var images = stack([.. samples.Select(s => tensor(s.Image, [1, 64, 64]))]);
        var targets = stack([.. samples.Select(s => stack([.. Enumerable.Range(1, 3).Select(type => tensor([.. s.Labels.Select(l => l == type ? 1f : 0f)], [64, 64]))]))]);

        var (exact, exactGradient) = Answer();
        network.BFloat16Maps = true;
        var (near, nearGradient) = Answer();

        Assert.Equal(ScalarType.Float32, near.dtype);
        Assert.InRange(Similarity(exact - exact.mean(), near - near.mean()), 0.995, 1);
        Assert.InRange(Similarity(exactGradient, nearGradient), 0.98, 1);

        (Tensor Logits, Tensor Gradient) Answer()
        {
            network.zero_grad();
            var logits = network.call(images);
            SegmentationLoss.Compute(logits, targets).Loss.backward();
            return (logits.detach(), cat([.. network.parameters().Select(p => p.grad!.reshape(-1).clone())]));
        }

        static double Similarity(Tensor a, Tensor b) => ((a * b).sum() / (a.norm() * b.norm())).item<float>();
    }

    [Fact]
    public void A_full_slice_takes_12_billion_multiplications()
    {
        using var network = new DenseUNet(1);
        using var scope = NewDisposeScope();
        network.eval();
        long multiplications = 0;
        // The first convolution of a decoder level may run on padded channels, which no hook of its own sees; the second has its area.
        var decoderFirst = network.Decoder.ToDictionary(level => level.First, level => level.Second);
        foreach (var convolution in network.modules().OfType<Conv2d>())
        {
            var weights = convolution.weight!.numel();
            var counted = decoderFirst.GetValueOrDefault(convolution, convolution);
            counted.register_forward_hook((_, _, output) =>
            {
                multiplications += weights * output.shape[2] * output.shape[3];
                return output;
            });
        }

        using (no_grad())
        {
            network.call(zeros(2, 1, 64, 64));
        }

        // Summed by hand for 512×512, from kernel sizes and the area of each level; 64×64 is a 64th of it.
        Assert.Equal(12_080_023_552, multiplications * 64);
    }

    [Fact]
    public void Kernels_are_He_normal()
    {
        using var network = new DenseUNet(1);
        using var scope = NewDisposeScope();

        Assert.All(network.modules().OfType<Conv2d>(), convolution =>
        {
            var kernel = convolution.weight!.detach();
            var expected = Math.Sqrt(2.0 / (kernel.shape[1] * kernel.shape[2] * kernel.shape[3]));
            // Standard errors of the estimates: σ/√(2n) and σ/√n; five of them are never crossed by chance.
            var count = kernel.numel();
            Assert.Equal(expected, kernel.std().item<float>(), expected * 5 / Math.Sqrt(2.0 * count));
            Assert.Equal(0, kernel.mean().item<float>(), expected * 5 / Math.Sqrt(count));
        });
    }

    [Theory]
    [InlineData(1, 64, 128)]
    [InlineData(2, 192, 64)]
    public void Probabilities_come_in_the_size_of_the_slice_and_start_low(int slices, int height, int width)
    {
        using var network = new DenseUNet(1);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        network.eval();

        var probabilities = network.Probabilities(randn(slices, 1, height, width));

        Assert.Equal([slices, 3, height, width], probabilities.shape);
        Assert.InRange(probabilities.mean().item<float>(), 1e-4f, 0.25f);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights()
    {
        using var first = new DenseUNet(5);
        using var second = new DenseUNet(5);
        using var other = new DenseUNet(6);

        Assert.True(first.Head.weight!.equal(second.Head.weight!).all().item<bool>());
        Assert.False(first.Head.weight!.allclose(other.Head.weight!));
    }

    /// <summary>libtorch has float32 kernels that read beyond their input; whatever was in memory before must not change an answer.</summary>
    [Fact]
    public void Float32_answers_are_those_of_float64_whatever_was_in_memory_before()
    {
        using var network = new DenseUNet(1);
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        network.train();
        manual_seed(4);
        var input = randn(2, 1, 128, 128);
        for (var i = 0; i < 60; i++)
        {
            using var freed = full([2, 256, 64, 64], 1000f);
        }

        var single = network.call(input);
        network.to(ScalarType.Float64);
        var exact = network.call(input.to(ScalarType.Float64));

        Assert.InRange((single.to(ScalarType.Float64) - exact).abs().max().item<double>(), 0, 1e-3);
    }
}
