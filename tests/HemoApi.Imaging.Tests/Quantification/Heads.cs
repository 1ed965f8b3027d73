using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

/// <summary>Heads whose skull, pose and hemorrhages a test chooses.</summary>
internal static class Heads
{
    private static readonly HeadPhantom Any = PhantomFactory.Create(3, []);

    public static HeadPhantom With(Ellipsoid innerTable, HeadPose pose, params PhantomLesion[] lesions) => Any with
    {
        InnerTable = innerTable,
        OuterTable = new Ellipsoid(default, innerTable.RadiiMm + new Vector3D(6, 6, 6)),
        Scalp = new Ellipsoid(default, innerTable.RadiiMm + new Vector3D(11, 11, 11)),
        BrainSurface = new Ellipsoid(default, innerTable.RadiiMm - new Vector3D(2, 2, 2)),
        WhiteMatter = new Ellipsoid(default, innerTable.RadiiMm - new Vector3D(10, 10, 10)),
        Structures = [],
        Lesions = lesions,
        Pose = pose,
    };

    public static HeadPose Upright { get; } = new(0, 0, 0, default);

    /// <summary>An axial stack around the origin, 0.8 mm in the plane.</summary>
    public static VolumeGeometry Stack(double sliceMm, double heightMm = 150)
    {
        const int Pixels = 256;
        const double SpacingMm = 0.8;
        var slices = (int)(heightMm / sliceMm);
        var half = (Pixels - 1) * SpacingMm / 2;
        return Stacks.Even(
            Pixels, Pixels, slices, Stacks.Left, Stacks.Posterior, Stacks.Superior * sliceMm, SpacingMm, SpacingMm,
            origin: new Vector3D(-half, -half, -(slices - 1) * sliceMm / 2));
    }

    public static Quantities Measured(this HeadPhantom head, double sliceMm = 3)
    {
        var (image, mask) = PhantomRenderer.Render(head, ScannerSettings.Ideal, Stack(sliceMm));
        return LesionQuantifier.Measure(image, mask);
    }
}
