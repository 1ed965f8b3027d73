using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Painting;

/// <summary>How far scenes and scanners stray from what is usual. Training mixes both: on usual scenes alone the network took pose, calibration and the
/// density of acute blood for granted, and overlooked plain blood where one of them was unusual.</summary>
/// <param name="TurnedShare">Of heads turned by tens of degrees on the table.</param>
/// <param name="UpsideDownShare">Of slices shown with the face down.</param>
/// <param name="Smallest">Least factor of the head's size.</param>
/// <param name="Largest">Greatest factor of the head's size.</param>
/// <param name="Stretch">Greatest deviation from 1 of the factors across and along.</param>
/// <param name="ThickerShare">Of skulls with more bone on the inside.</param>
/// <param name="ThickerMm">Most of that bone.</param>
/// <param name="MostContrastHu">Blood is brighter than the cortex by up to so much, mostly by far less; null for mostly the density of acute blood, whatever the cortex.</param>
/// <param name="MottleHu">Most of the mottle of blood.</param>
/// <param name="EdgeFactor">Blood's edges are up to so many times as wide.</param>
/// <param name="SmoothestBall">Least roughness of intracerebral blood.</param>
/// <param name="RigidShare">Of layers of blood under which the brain does not give way.</param>
/// <param name="FloorShare">Of blood outside of the brain that may lie on the floor of a fossa.</param>
/// <param name="Gain">Greatest deviation of the scanner's gain from 1.</param>
/// <param name="OffsetHu">Greatest calibration error.</param>
/// <param name="NoisiestHu">Greatest standard deviation of the noise.</param>
/// <param name="SofterShare">Of images from matrices of large pixels.</param>
/// <param name="SofterPasses">Most passes of a binomial filter that such an image takes.</param>
/// <param name="CoarseNoiseShare">Of images whose noise has a grain of about 1 mm.</param>
/// <param name="WindowedShare">Of images that were saved with a display window: bone is no brighter than its upper end.</param>
internal sealed record SceneRanges(
    double TurnedShare,
    double UpsideDownShare,
    double Smallest,
    double Largest,
    double Stretch,
    double ThickerShare,
    double ThickerMm,
    double? MostContrastHu,
    double MottleHu,
    double EdgeFactor,
    double SmoothestBall,
    double RigidShare,
    double FloorShare,
    double Gain,
    double OffsetHu,
    double NoisiestHu,
    double SofterShare,
    int SofterPasses,
    double CoarseNoiseShare,
    double WindowedShare)
{
    public static SceneRanges Usual { get; } = new(0.15, 0, 0.88, 1.14, 0.07, 0.25, 4, null, 6, 1, 0.4, 0, 0.1, 0.05, 6, 7, 0.15, 3, 0, 0);

    public static SceneRanges Wide { get; } = new(0.6, 0.1, 0.78, 1.25, 0.12, 0.35, 6, 48, 10, 2.2, 0, 0.6, 0.4, 0.1, 12, 8, 0.35, 7, 0.4, 0.1);

    /// <returns>Factor of the densities, and what is added to them then.</returns>
    public (double Gain, double OffsetHu) Calibration(PhantomRandom random) => (random.Uniform(1 - Gain, 1 + Gain), random.Uniform(-OffsetHu, OffsetHu));
}
