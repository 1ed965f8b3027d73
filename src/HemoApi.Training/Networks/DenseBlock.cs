using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HemoApi.Training.Networks;

/// <summary>BN–ReLU–conv 1×1 (bottleneck)–BN–ReLU–conv 3×3, DenseNet-B (Huang et al. 2017): [n, in, h, w] → [n, growth, h, w].</summary>
internal sealed class DenseUnit : Module<Tensor, Tensor>
{
    public DenseUnit(int inputs)
        : base(nameof(DenseUnit))
    {
        BottleneckNorm = BatchNorm2d(inputs);
        Bottleneck = Conv2d(inputs, DenseUNet.Bottleneck, 1, bias: false);
        GrowthNorm = BatchNorm2d(DenseUNet.Bottleneck);
        Growth = Conv2d(DenseUNet.Bottleneck, DenseUNet.GrowthRate, 3, padding: 1, bias: false);
        RegisterComponents();
    }

    public BatchNorm2d BottleneckNorm { get; }

    public Conv2d Bottleneck { get; }

    public BatchNorm2d GrowthNorm { get; }

    public Conv2d Growth { get; }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = Bottleneck.Convolve(functional.relu(BottleneckNorm.Normalise(input)));
        return Growth.Convolve(functional.relu(GrowthNorm.Normalise(features))).MoveToOuterDisposeScope();
    }
}

/// <summary>Units that each see the block's input and the output of all units before: [n, in, h, w] → [n, in + units · growth, h, w].</summary>
internal sealed class DenseBlock : Module<Tensor, Tensor>
{
    public DenseBlock(int inputs, int units)
        : base(nameof(DenseBlock))
    {
        Units = ModuleList(Enumerable.Range(0, units).Select(i => new DenseUnit(inputs + (i * DenseUNet.GrowthRate))).ToArray());
        Outputs = inputs + (units * DenseUNet.GrowthRate);
        RegisterComponents();
    }

    public ModuleList<DenseUnit> Units { get; }

    public int Outputs { get; }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = input.alias();
        foreach (var unit in Units)
        {
            features = cat([features, unit.call(features)], 1);
        }

        return features.MoveToOuterDisposeScope();
    }
}

/// <summary>BN–ReLU–conv 1×1 to half the channels–mean over 2×2: [n, c, h, w] → [n, c/2, h/2, w/2].</summary>
internal sealed class TransitionLayer : Module<Tensor, Tensor>
{
    public TransitionLayer(int inputs)
        : base(nameof(TransitionLayer))
    {
        Outputs = inputs / 2;
        Norm = BatchNorm2d(inputs);
        Convolution = Conv2d(inputs, Outputs, 1, bias: false);
        RegisterComponents();
    }

    public BatchNorm2d Norm { get; }

    public Conv2d Convolution { get; }

    public int Outputs { get; }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return functional.avg_pool2d(Convolution.Convolve(functional.relu(Norm.Normalise(input))), 2).MoveToOuterDisposeScope();
    }
}
