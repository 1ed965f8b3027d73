using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>Blood or oedema outside of the skull: as bright as what the network looks for, where it is nothing of the kind.</summary>
internal sealed class ScalpSwelling(PhantomRandom random)
{
    private readonly double _middle = random.Uniform(-Math.PI, Math.PI);
    private readonly double _halfAngle = random.Uniform(0.3, 1.3);
    private readonly double _heightMm = random.Uniform(-20, 60);
    private readonly double _halfHeightMm = random.Uniform(15, 50);
    private readonly double _thicknessMm = random.LogUniform(3, 14);
    private readonly double _hu = random.Uniform(20, 80);
    private readonly WaveField _mottle = new(random, 12);

    public double HuAt(Vector3D pointMm, in HeadPoint head)
    {
        var angle = Math.IEEERemainder(Math.Atan2(pointMm.Y, pointMm.X) - _middle, 2 * Math.PI) / _halfAngle;
        var height = (pointMm.Z - _heightMm) / _halfHeightMm;
        var inside = (_thicknessMm * (1 - (angle * angle) - (height * height))) - head.OutsideMm;
        return inside <= -1 || head.Hu > 150 ? head.Hu : head.Hu + ((_hu + (5 * _mottle.At(pointMm)) - head.Hu) * Math.Clamp(0.5 + (inside / 1.5), 0, 1));
    }
}
