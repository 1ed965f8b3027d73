using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>A layer over the brain, against the inner table: as thick at each point as its form says. The brain under it gives way.</summary>
internal abstract class ExtraAxialBlood(HeadField head, double pressure, double decayMm) : HeadInsert
{
    /// <summary>The brain stays where it was: the layer takes its place.</summary>
    public bool Rigid { get; init; }

    /// <summary>Of the layer over the brain at a point, 0 or less where there is none.</summary>
    protected abstract double ThicknessMm(Vector3D pointMm);

    public override double InsideMm(Vector3D pointMm, in HeadPoint head) => ThicknessMm(pointMm) - head.DepthMm;

    public override Vector3D PushMm(Vector3D pointMm, double depthMm)
    {
        if (Rigid || pressure == 0 || depthMm > 5 * decayMm)
        {
            return default;
        }

        var thickness = Math.Min(depthMm, ThicknessMm(pointMm));
        return thickness <= 0.2 ? default : head.InwardNormal(pointMm) * (-thickness * pressure * Math.Exp(-(depthMm - thickness) / decayMm));
    }
}
