using System.Diagnostics;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Registration;
using HemoApi.Imaging.Tests.Quantification;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Registration;

public sealed class SkullRegistrationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3, 0, 0, 0, 4, -6, 3)]
    [InlineData(4, 12, -6, 5, -8, 10, 4)]
    [InlineData(5, -20, 8, -4, 12, 3, -5)]
    [InlineData(6, 5, 14, 9, 0, -9, 6)]
    public void A_phantom_scanned_in_two_positions_is_brought_back(ulong seed, double yaw, double pitch, double roll, double x, double y, double z)
    {
        var head = PhantomFactory.Create(seed, [HemorrhageType.Ich]) with { Pose = new HeadPose(-3, 2, 1, new(1, -2, 0.7)) };
        var (baseline, _) = Scan(head, seed);

        // The blood is gone in the second scan: what is inside must not matter.
        var moved = head with { Pose = new HeadPose(yaw, pitch, roll, new(x, y, z)), Lesions = [] };
        var (followUp, _) = Scan(moved, seed + 100);

        var watch = Stopwatch.StartNew();
        var found = SkullRegistration.Find(SkullSurface.Of(baseline), SkullSurface.Of(followUp), TestContext.Current.CancellationToken)!;
        var (errorMm, errorDegrees) = ErrorOf(found.FollowUpToBaseline, head.Pose, moved.Pose);
        output.WriteLine($"{errorMm:F2} mm, {errorDegrees:F2}°; rms {found.RmsMm:F2} mm, overlap {found.OverlapShare:F2}, sd {found.SdMm:F2} mm, {watch.Elapsed.TotalSeconds:F1} s; {found.UnreliableBecause}");

        Assert.True(found.IsReliable, found.UnreliableBecause);
        Assert.InRange(errorMm, 0, 0.6);
        Assert.InRange(errorDegrees, 0, 0.3);
    }

    [Fact]
    public void The_upper_half_of_a_head_does_not_pass_for_the_whole()
    {
        var head = PhantomFactory.Create(7, []) with { Pose = Heads.Upright };
        var (whole, _) = Scan(head, 7);
        var geometry = Heads.Stack(5);
        var upper = new VolumeGeometry(
            geometry.Columns, geometry.Rows, geometry.RowDirection, geometry.ColumnDirection, geometry.RowSpacingMm, geometry.ColumnSpacingMm,
            [.. geometry.Slices.Skip(geometry.SliceCount * 6 / 10)]);
        var (part, _) = PhantomRenderer.Render(head with { Pose = new HeadPose(8, 5, 0, new(3, 0, 10)) }, ScannerSettings.Ideal, upper);

        var found = SkullRegistration.Find(SkullSurface.Of(whole), SkullSurface.Of(part), TestContext.Current.CancellationToken);

        output.WriteLine($"overlap {found?.OverlapShare:F2}, sd {found?.SdMm:F2} mm; {found?.UnreliableBecause}");
        Assert.NotNull(found);
        Assert.False(found.IsReliable);
    }

    [Fact]
    public void Another_head_is_no_match()
    {
        var (one, _) = Scan(Heads.With(new Ellipsoid(default, new(63, 90, 66)), Heads.Upright), 1);
        var (other, _) = Scan(Heads.With(new Ellipsoid(default, new(73, 79, 73)), Heads.Upright), 2);

        var found = SkullRegistration.Find(SkullSurface.Of(one), SkullSurface.Of(other), TestContext.Current.CancellationToken)!;

        output.WriteLine($"rms {found.RmsMm:F2} mm, overlap {found.OverlapShare:F2}; {found.UnreliableBecause}");
        Assert.False(found.IsReliable);
    }

    [Fact]
    public void A_scan_without_bone_has_no_position()
    {
        var water = new CtVolume(Heads.Stack(5), new short[Heads.Stack(5).VoxelCount]);

        Assert.Null(SkullRegistration.Find(SkullSurface.Of(water), SkullSurface.Of(water), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(0, 0, 0, 5, -3, 8)]
    [InlineData(9, -6, 4, -7, 4, 6)]
    [InlineData(-15, 10, -3, 2, 12, -9)]
    public void A_real_head_resampled_in_another_position_is_brought_back(double yaw, double pitch, double roll, double x, double y, double z)
    {
        var image = GeImage();
        var middle = MovedScan.MiddleLpsMm(image);
        var aboutOrigin = new HeadPose(yaw, pitch, roll, default);
        var pose = new HeadPose(yaw, pitch, roll, middle - aboutOrigin.ToLpsMm(middle) + new Vector3D(x, y, z));
        var moved = MovedScan.Resample(image, pose.ToHead);

        var watch = Stopwatch.StartNew();
        var (baseline, followUp) = (SkullSurface.Of(image), SkullSurface.Of(moved));
        var found = SkullRegistration.Find(baseline, followUp, TestContext.Current.CancellationToken)!;
        var (errorMm, errorDegrees) = ErrorOf(found.FollowUpToBaseline, Heads.Upright, pose, middle);
        output.WriteLine($"{errorMm:F3} mm, {errorDegrees:F3}°; rms {found.RmsMm:F2} mm, overlap {found.OverlapShare:F2}, sd {found.SdMm:F2} mm, {watch.Elapsed.TotalSeconds:F1} s, points {baseline.Count} {followUp.Count}; {found.UnreliableBecause}");

        Assert.True(found.IsReliable, found.UnreliableBecause);
        Assert.InRange(errorMm, 0, 0.2);
        Assert.InRange(errorDegrees, 0, 0.1);
    }

    private static (CtVolume Image, LabelVolume Labels) Scan(HeadPhantom head, ulong seed) =>
        PhantomRenderer.Render(head with { Seed = seed }, ScannerSettings.Draw(new PhantomRandom(seed)), Heads.Stack(5));

    private static CtVolume GeImage()
    {
        var files = GeStudy.Files();
        var names = Enumerable.Range(0, files.Count).Select(i => $"{i}").ToList();
        Stream Open(string name) => new MemoryStream(files[int.Parse(name)]);
        var plan = SeriesFiles.Plan(names, Open, null, 0, _ => { }, TestContext.Current.CancellationToken).Value;
        return CtVolumeReader.Read(plan, Open, _ => { }, TestContext.Current.CancellationToken).Value;
    }

    /// <summary>How far points of the head, up to 80 mm from its middle, are from where they should be (mean), and how far its axes.</summary>
    private static (double Mm, double Degrees) ErrorOf(RigidMotion found, HeadPose baseline, HeadPose followUp, Vector3D middle = default)
    {
        Vector3D[] axes = [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];
        Vector3D[] points = [middle, .. axes.SelectMany(a => new[] { middle + (a * 80), middle - (a * 80) })];
        var mm = points.Average(p => (found.Apply(followUp.ToLpsMm(p)) - baseline.ToLpsMm(p)).Length);
        Vector3D Axis(HeadPose pose, Vector3D a) => pose.ToLpsMm(a) - pose.ToLpsMm(default);
        var degrees = axes.Max(a => Math.Asin(Math.Min(1, found.Turn(Axis(followUp, a)).Cross(Axis(baseline, a)).Length)) * 180 / Math.PI);
        return (mm, degrees);
    }
}
