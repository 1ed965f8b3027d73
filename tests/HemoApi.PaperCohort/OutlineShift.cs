using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;

namespace HemoApi.PaperCohort;

/// <summary>A smooth random field in space: a sum of waves of random direction, length and phase. Its mean over phases is 0, its SD 1.</summary>
internal sealed class OutlineShift
{
    private const int Waves = 24;

    private readonly (Vector3D Vector, double Phase)[] _waves;

    public OutlineShift(PhantomRandom random) => _waves =
    [
        .. Enumerable.Range(0, Waves).Select(_ => (random.Direction() * (2 * Math.PI / random.LogUniform(15, 45)), random.Uniform(0, 2 * Math.PI))),
    ];

    public double this[Vector3D pointMm]
    {
        get
        {
            var sum = 0.0;
            foreach (var (vector, phase) in _waves)
            {
                sum += Math.Sin(vector.Dot(pointMm) + phase);
            }

            return sum * Math.Sqrt(2.0 / Waves);
        }
    }
}
