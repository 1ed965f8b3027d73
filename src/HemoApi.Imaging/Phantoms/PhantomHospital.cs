using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>A hospital and the one scanner that it has. Ranges are drawn from for each study.</summary>
/// <param name="Site">As in an evaluation.</param>
/// <param name="TiltDegrees">Of the gantry; the table moves along the patient's axis, so that tilted stacks are sheared.</param>
public sealed record PhantomHospital(
    string Name,
    string Site,
    int MatrixSize,
    Between PixelMm,
    int SliceCount,
    double ThicknessMm,
    Between TiltDegrees,
    Between NoiseHu,
    Between NoiseCorrelation,
    Between EdgeMm,
    Between CuppingHu,
    Between BoneHaloHu,
    Between OffsetHu)
{
    /// <summary>The stack reaches higher above the middle of the head than below it.</summary>
    private const double RaisedMm = 3;

    public static PhantomHospital A { get; } = new(
        "Hospital A", "internal", 384, new(0.585, 0.6), 26, 5, new(0, 0), new(2, 3.5), new(0.5, 0.8), new(0.8, 1.2), new(-2, 5), new(5, 20), new(-1, 1));

    public static PhantomHospital B { get; } = new(
        "Hospital B", "external", 416, new(0.54, 0.56), 26, 4.8, new(8, 18), new(3.5, 5), new(0, 0.3), new(0.5, 0.8), new(0, 8), new(10, 35), new(-3, 3));

    public string Description => FormattableString.Invariant(
        $"{Name}: {MatrixSize} × {MatrixSize} pixels of {PixelMm} mm, {SliceCount} slices of {ThicknessMm} mm, gantry tilt {TiltDegrees}°, noise {NoiseHu} HU of correlation {NoiseCorrelation}, edges {EdgeMm} mm, cupping {CuppingHu} HU, bone halo {BoneHaloHu} HU, offset {OffsetHu} HU");

    /// <summary>A phantom as this hospital scans it; scanner and stack are drawn from the study's seed.</summary>
    public (CtVolume Image, LabelVolume Labels) Scan(PhantomStudy study)
    {
        var random = new PhantomRandom(study.Seed ^ 0xC0402700C0402700UL);
        return PhantomRenderer.Render(study.Head, DrawScanner(random), DrawGeometry(random, study.Head));
    }

    private ScannerSettings DrawScanner(PhantomRandom random) => new(
        NoiseHu.Draw(random), NoiseCorrelation.Draw(random), EdgeMm.Draw(random), CuppingHu.Draw(random), random.Uniform(3, 6), BoneHaloHu.Draw(random),
        random.Uniform(0.4, 0.9), random.Uniform(0, 2), OffsetHu.Draw(random));

    /// <summary>A stack around the head, as a technologist would place it.</summary>
    private VolumeGeometry DrawGeometry(PhantomRandom random, HeadPhantom head)
    {
        var tilt = TiltDegrees.Draw(random) * Math.PI / 180;
        var pixelMm = Math.Round(PixelMm.Draw(random), 4);
        var (across, down) = (new Vector3D(1, 0, 0), new Vector3D(0, Math.Cos(tilt), Math.Sin(tilt)));
        var corner = head.Pose.OffsetLpsMm + new Vector3D(0, 0, RaisedMm) - ((across + down) * (pixelMm * (MatrixSize - 1) / 2));
        var stepMm = ThicknessMm / Math.Cos(tilt);
        return new(
            MatrixSize, MatrixSize, across, down, pixelMm, pixelMm,
            [.. Enumerable.Range(0, SliceCount).Select(k => new SlicePlane(corner + new Vector3D(0, 0, (k - ((SliceCount - 1) / 2.0)) * stepMm), ThicknessMm))]);
    }
}

public sealed record Between(double Low, double High)
{
    public double Draw(PhantomRandom random) => random.Uniform(Low, High);

    public override string ToString() => Low == High ? FormattableString.Invariant($"{Low}") : FormattableString.Invariant($"{Low} to {High}");
}
