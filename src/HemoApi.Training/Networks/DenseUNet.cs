using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HemoApi.Training.Networks;

/// <summary>
/// The Dense U-Net of Xu et al. 2021 ("Deep network for the automatic segmentation and quantification of intracranial
/// hemorrhage on CT", "Model Construction and Training"): a DenseNet encoder of 4 dense blocks with 3, 6, 12 and 8 units of
/// growth rate 32, a transition layer after each, each block's features concatenated with the up-sampled maps; one sigmoid
/// channel for each of ICH, EDH, SDH; He-normal kernels; no dropout.
/// </summary>
/// <remarks>
/// Input float32 [n, 1, h, w], h and w multiples of <see cref="SizeMultiple"/>, normalised HU. What the paper leaves open is
/// chosen here: DenseNet's stem and bottlenecks of 128, and a decoder that ends at half size, where bilinear doubling of
/// 3 logits replaces the convolutions at full size (about a tenth of the time of a slice). The paper trained with plain
/// binary cross-entropy, SGD of rate 0.001 and momentum 0.99, batches of one, 20 epochs, no augmentation; <see cref="Trainer"/>
/// uses AdamW, a soft Dice term and mirrored slices, which converge in the hours that a CPU affords.
/// </remarks>
internal sealed class DenseUNet : Module<Tensor, Tensor>
{
    public const int SizeMultiple = 64;
    public const int Classes = 3;
    public const int GrowthRate = 32;
    public const int Bottleneck = 128;
    private const int StemChannels = 64;

    /// <summary>A hemorrhage covers few pixels: starting at p = 1.8 % spares the first steps the way down from 50 %.</summary>
    private const double HeadBias = -4;

    private static readonly int[] UnitsOfBlocks = [3, 6, 12, 8];
    private static readonly int[] DecoderWidths = [256, 128, 64, 32, 32];

    /// <param name="seed">Of the initial weights.</param>
    public DenseUNet(long seed)
        : base(nameof(DenseUNet))
    {
        Stem = Conv2d(1, StemChannels, 7, stride: 2, padding: 3, bias: false);
        StemNorm = BatchNorm2d(StemChannels);
        Blocks = ModuleList<DenseBlock>();
        Transitions = ModuleList<TransitionLayer>();
        var channels = StemChannels;
        foreach (var units in UnitsOfBlocks)
        {
            var block = new DenseBlock(channels, units);
            var transition = new TransitionLayer(block.Outputs);
            Blocks.Add(block);
            Transitions.Add(transition);
            channels = transition.Outputs;
        }

        Decoder = ModuleList<DecoderLevel>();
        int[] skips = [.. Blocks.Select(b => b.Outputs).Reverse(), StemChannels];
        for (var level = 0; level < DecoderWidths.Length; level++)
        {
            Decoder.Add(new DecoderLevel(channels, skips[level], DecoderWidths[level]));
            channels = DecoderWidths[level];
        }

        Head = Conv2d(channels, Classes, 1);
        RegisterComponents();
        InitialiseHeNormal(seed);
    }

    public Conv2d Stem { get; }

    public BatchNorm2d StemNorm { get; }

    public ModuleList<DenseBlock> Blocks { get; }

    public ModuleList<TransitionLayer> Transitions { get; }

    /// <summary>From 1/32 of the input's size up to 1/2.</summary>
    public ModuleList<DecoderLevel> Decoder { get; }

    public Conv2d Head { get; }

    /// <summary>Computes the maps between the stem and the head in bfloat16, which trains about twice as fast on processors with AVX512-BF16
    /// or AMX and slower on others. Weights, statistics and the gradients of weights stay what they are.</summary>
    public bool BFloat16Maps { get; set; }

    /// <summary>[n, 1, h, w] → logits [n, 3, h, w].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = functional.relu(StemNorm.Normalise(Stem.call(input)));
        if (BFloat16Maps)
        {
            features = features.to_type(ScalarType.BFloat16).ChannelsLast();
        }

        var skips = new Stack<Tensor>([features]);
        features = functional.max_pool2d(features, 3, stride: 2, padding: 1);
        foreach (var (block, transition) in Blocks.Zip(Transitions))
        {
            features = block.call(features);
            skips.Push(features);
            features = transition.call(features);
        }

        foreach (var level in Decoder)
        {
            features = level.call(features, skips.Pop());
        }

        var logits = functional.interpolate(
            Head.call(features.to_type(Head.weight!.dtype)), scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: false);
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>[n, 1, h, w] → probabilities [n, 3, h, w].</summary>
    public Tensor Probabilities(Tensor input)
    {
        using var logits = call(input);
        return logits.sigmoid();
    }

    /// <summary>Standard deviation √(2 / fan-in) (He et al. 2015), drawn from a generator of its own.</summary>
    private void InitialiseHeNormal(long seed)
    {
        using var untracked = no_grad();
        using var generator = new Generator((ulong)seed);
        foreach (var convolution in modules().OfType<Conv2d>())
        {
            var kernel = convolution.weight!;
            kernel.normal_(0, Math.Sqrt(2.0 / (kernel.shape[1] * kernel.shape[2] * kernel.shape[3])), generator);
        }

        Head.bias!.fill_(HeldScalars.Of(HeadBias));
    }
}
