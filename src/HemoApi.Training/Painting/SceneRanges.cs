using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Painting;

/// <summary>How far scenes and scanners stray from what is usual. Training mixes both: on usual scenes alone the network took pose, calibration and the
/// density of acute blood for granted, and overlooked plain blood where one of them was unusual.</summary>
internal sealed record SceneRanges
{
    public static SceneRanges Usual { get; } = new();

    public static SceneRanges Wide { get; } = new()
    {
        TurnedShare = 0.6, UpsideDownShare = 0.1, Smallest = 0.78, Largest = 1.25, Stretch = 0.12,
        ThickerShare = 0.35, ThickerMm = 6,
        MostContrastHu = 48, MottleHu = 10, EdgeFactor = 2.2, SmoothestBall = 0, RigidShare = 0.6, FloorShare = 0.4,
        Gain = 0.1, OffsetHu = 16, NoisiestHu = 8, SofterShare = 0.35, SofterPasses = 7, CoarseNoiseShare = 0.4, WindowedShare = 0.1,
    };

    /// <summary>Share of heads turned by tens of degrees on the table.</summary>
    public double TurnedShare { get; init; } = 0.15;

    /// <summary>Share of heads shown with the face down.</summary>
    public double UpsideDownShare { get; init; }

    /// <summary>Least and greatest factor of the head's size.</summary>
    public double Smallest { get; init; } = 0.88;

    public double Largest { get; init; } = 1.14;

    /// <summary>Greatest deviation from 1 of the factors across and along.</summary>
    public double Stretch { get; init; } = 0.07;

    /// <summary>Share of skulls with more bone on the inside, and the most of it.</summary>
    public double ThickerShare { get; init; } = 0.25;

    public double ThickerMm { get; init; } = 4;

    /// <summary>Blood is brighter than the cortex by up to so much, mostly by far less; null for mostly the density of acute blood, whatever the cortex.</summary>
    public double? MostContrastHu { get; init; }

    /// <summary>Most of the mottle of blood.</summary>
    public double MottleHu { get; init; } = 6;

    /// <summary>Blood's edges are up to so many times as wide.</summary>
    public double EdgeFactor { get; init; } = 1;

    /// <summary>Least roughness of intracerebral blood.</summary>
    public double SmoothestBall { get; init; } = 0.4;

    /// <summary>Share of layers of blood under which the brain does not give way.</summary>
    public double RigidShare { get; init; }

    /// <summary>Share of points on the floor of a fossa that blood outside of the brain may start from.</summary>
    public double FloorShare { get; init; } = 0.1;

    /// <summary>Greatest deviation of the scanner's gain from 1.</summary>
    public double Gain { get; init; } = 0.05;

    /// <summary>Greatest calibration error.</summary>
    public double OffsetHu { get; init; } = 6;

    /// <summary>Greatest standard deviation of the noise.</summary>
    public double NoisiestHu { get; init; } = 7;

    /// <summary>Share of images from matrices of large pixels, and the most passes of a binomial filter that they take.</summary>
    public double SofterShare { get; init; } = 0.15;

    public int SofterPasses { get; init; } = 3;

    /// <summary>Share of images whose noise has a grain of about 1 mm.</summary>
    public double CoarseNoiseShare { get; init; }

    /// <summary>Share of images that were saved with a display window: bone is no brighter than its upper end.</summary>
    public double WindowedShare { get; init; }

    /// <returns>Factor of the densities, and what is added to them then.</returns>
    public (double Gain, double OffsetHu) Calibration(PhantomRandom random) => (random.Uniform(1 - Gain, 1 + Gain), random.Uniform(-OffsetHu, OffsetHu));
}
