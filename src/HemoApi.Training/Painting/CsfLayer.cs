using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>An old brain's wide subarachnoid space: CSF between skull and brain everywhere.</summary>
internal sealed class CsfLayer(PhantomRandom random, HeadField head, double thicknessMm) : ExtraAxialBlood(head, 1, 25)
{
    private readonly WaveField _waves = new(random, 40);

    public override Vector3D MiddleMm => default;

    protected override double ThicknessMm(Vector3D pointMm) => thicknessMm * (1 + (0.35 * _waves.At(pointMm)));
}
