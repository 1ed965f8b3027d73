using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>A digital head without a patient: anatomy and hemorrhages as closed shapes in the head frame (LPS directions, mm,
/// origin in the middle of the cranial cavity), with a pose in the scanner. Volumes are analytic, so a phantom is an oracle.</summary>
public sealed record HeadPhantom
{
    public required ulong Seed { get; init; }

    /// <summary>The boundary of the cranial cavity; axis-aligned in the head frame and centred on its origin.</summary>
    public required Ellipsoid InnerTable { get; init; }

    public required Ellipsoid OuterTable { get; init; }

    public required Ellipsoid Scalp { get; init; }

    /// <summary>Surface of the brain; subarachnoid CSF lies between it and the inner table.</summary>
    public required Ellipsoid BrainSurface { get; init; }

    /// <summary>White matter lies inside, cortex outside.</summary>
    public required Ellipsoid WhiteMatter { get; init; }

    public required PhantomSulci Sulci { get; init; }

    public required TissueHu Tissue { get; init; }

    /// <summary>Further structures with their own density, painted in this order over the brain and skull.</summary>
    public required IReadOnlyList<PhantomStructure> Structures { get; init; }

    public required IReadOnlyList<PhantomLesion> Lesions { get; init; }

    public required HeadPose Pose { get; init; }

    /// <summary>Half thickness of the falx, mm; 0 where it is not visible.</summary>
    public required double FalxHalfThicknessMm { get; init; }

    /// <summary>Analytic volume of all lesions of a type.</summary>
    public double VolumeMl(HemorrhageType type) => Lesions.Where(l => l.Type == type).Sum(l => l.VolumeMl);
}

/// <summary>An anatomical or foreign structure that is not blood.</summary>
/// <param name="EdgeMm">Width of its edge; wide for oedema and infarcts.</param>
/// <param name="InsideCavityOnly">Held by the inner table.</param>
/// <param name="Blend">1 replaces what is below; less lets it shine through.</param>
public sealed record PhantomStructure(Ellipsoid Shape, double Hu, double EdgeMm = 0.6, bool InsideCavityOnly = false, double Blend = 1);

/// <summary>Mean densities, HU.</summary>
public sealed record TissueHu(
    double Scalp, double CorticalBone, double Diploe, double Csf, double Cortex, double WhiteMatter, double Falx);

/// <summary>Where the head lies: scanner LPS = rotation · head + offset.</summary>
public sealed class HeadPose
{
    private readonly Vector3D _left;
    private readonly Vector3D _posterior;
    private readonly Vector3D _superior;

    public HeadPose(double yawDegrees, double pitchDegrees, double rollDegrees, Vector3D offsetLpsMm)
    {
        var (sy, cy) = Math.SinCos(yawDegrees * Math.PI / 180);
        var (sp, cp) = Math.SinCos(pitchDegrees * Math.PI / 180);
        var (sr, cr) = Math.SinCos(rollDegrees * Math.PI / 180);
        _left = new Vector3D(cy * cr, sy * cr, -sr);
        _posterior = new Vector3D((cy * sr * sp) - (sy * cp), (sy * sr * sp) + (cy * cp), cr * sp);
        _superior = _left.Cross(_posterior);
        OffsetLpsMm = offsetLpsMm;
    }

    public Vector3D OffsetLpsMm { get; }

    public Vector3D ToHead(Vector3D lpsMm)
    {
        var d = lpsMm - OffsetLpsMm;
        return new Vector3D(d.Dot(_left), d.Dot(_posterior), d.Dot(_superior));
    }

    public Vector3D ToLpsMm(Vector3D headMm) =>
        (_left * headMm.X) + (_posterior * headMm.Y) + (_superior * headMm.Z) + OffsetLpsMm;

    /// <summary>Turns a direction of the scanner into the head frame.</summary>
    public Vector3D DirectionToHead(Vector3D lps) => new(lps.Dot(_left), lps.Dot(_posterior), lps.Dot(_superior));
}
