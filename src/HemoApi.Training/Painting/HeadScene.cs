using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <param name="Label">0 or a <see cref="HemoApi.Imaging.Masks.HemorrhageType"/>.</param>
internal readonly record struct ScenePoint(double Hu, byte Label, float DepthMm);

/// <summary>A head as another patient's, in the scanner: scaled, bent, of other contrast, with what was put into it.</summary>
internal sealed class HeadScene
{
    /// <summary>Depth over which the partial volume of bone stays brighter than blood.</summary>
    private const double BoneEdgeMm = 2;
    private const double CsfHu = 8;

    /// <summary>Air cells and bone within the cavity stay what they are.</summary>
    private const float AirHu = -80;
    private const float BoneHu = 200;

    public required HeadField Head { get; init; }

    public required HeadPose Pose { get; init; }

    /// <summary>Factors from the field's frame to this head's; a negative one mirrors.</summary>
    public required Vector3D Scale { get; init; }

    public required PhantomWarp Warp { get; init; }

    public required TissueContrast Contrast { get; init; }

    /// <summary>In the order of painting.</summary>
    public required IReadOnlyList<HeadInsert> Inserts { get; init; }

    public ScalpSwelling? Swelling { get; init; }

    /// <summary>Bone laid on the inside of the inner table.</summary>
    public double ThickerTableMm { get; init; }

    public double ThickerTableHu { get; init; }

    /// <summary>From the scanner's LPS mm to the field's frame, without <see cref="Warp"/>.</summary>
    public Vector3D ToHead(Vector3D lpsMm)
    {
        var p = Pose.ToHead(lpsMm);
        return new(p.X / Scale.X, p.Y / Scale.Y, p.Z / Scale.Z);
    }

    public Vector3D ToLpsMm(Vector3D headMm) => Pose.ToLpsMm(new(headMm.X * Scale.X, headMm.Y * Scale.Y, headMm.Z * Scale.Z));

    public ScenePoint At(Vector3D headMm)
    {
        var here = Head.At(headMm);
        if (here.DepthMm <= 0)
        {
            return new(Swelling is { } swelling && here.OutsideMm > 0.3 ? swelling.HuAt(headMm, here) : here.Hu, 0, here.DepthMm);
        }

        var depth = here.DepthMm - ThickerTableMm;
        if (depth <= 0)
        {
            return new(Math.Max(ThickerTableHu, here.Hu), 0, (float)Math.Min(0, depth));
        }

        var push = default(Vector3D);
        foreach (var insert in Inserts)
        {
            push += insert.PushMm(headMm, depth);
        }

        var before = push == default ? here : Head.At(headMm + push);
        // What has been pushed away from the skull takes no bone along.
        var hu = push == default ? Contrast.Map(before.Hu)
            : before.DepthMm <= ThickerTableMm ? CsfHu
            : Contrast.Map(depth > BoneEdgeMm ? Math.Clamp(before.Hu, 0, before.DepthMm < BoneEdgeMm + ThickerTableMm ? 50 : BoneHu) : Math.Max(here.Hu, Math.Min(before.Hu, 50)));
        var point = here with { DepthMm = (float)depth, SmoothHu = before.SmoothHu };
        byte label = 0;
        foreach (var insert in Inserts)
        {
            var inside = insert.InsideMm(headMm, point);
            if (insert.RimHu != 0 && inside > -1.5 * insert.RimMm)
            {
                hu += insert.RimHu * Share(inside + (insert.RimMm / 2), insert.RimMm);
            }

            var share = Share(inside, insert.EdgeMm) * insert.Opacity;
            if (share <= 0 || here.Hu is < AirHu or > BoneHu)
            {
                continue;
            }

            var target = insert.Density.HuAt(headMm, insert.MiddleMm);
            if (depth >= BoneEdgeMm || hu <= target)
            {
                hu += (target - hu) * share;
            }

            label = inside > 0 ? (byte)(insert.Type ?? 0) : label;
        }

        return new(hu, label, point.DepthMm);
    }

    private static double Share(double insideMm, double edgeMm) => Math.Clamp(0.5 + (insideMm / edgeMm), 0, 1);
}
