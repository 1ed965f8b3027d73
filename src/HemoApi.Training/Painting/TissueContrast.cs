using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Painting;

/// <summary>Another patient's densities in the same head: CSF, white and grey matter each a little brighter or darker.</summary>
internal sealed class TissueContrast
{
    private static readonly double[] From = [-40, 6, 28, 38, 60, 110];
    private readonly double[] _to;

    public TissueContrast(PhantomRandom random)
    {
        var brain = random.Uniform(-5, 5);
        var contrast = random.Uniform(-3, 3);
        _to = [-40, 6 + random.Uniform(-5, 8), 28 + brain - contrast, 38 + brain + contrast, 60 + (brain / 2), 110];
        CortexHu = _to[3];
    }

    public double CortexHu { get; }

    public double Map(double hu)
    {
        if (hu <= From[0] || hu >= From[^1])
        {
            return hu;
        }

        var k = 1;
        while (From[k] < hu)
        {
            k++;
        }

        return _to[k - 1] + ((hu - From[k - 1]) * (_to[k] - _to[k - 1]) / (From[k] - From[k - 1]));
    }
}
