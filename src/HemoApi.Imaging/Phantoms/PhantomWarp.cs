using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>A smooth displacement of a head, a sum of waves in all directions, that makes skull, brain and hemorrhages irregular. Volumes
/// are no longer analytic after it: for training, which takes its labels from the voxels, not for phantoms that are an oracle.</summary>
internal sealed class PhantomWarp
{
    private const int CellPixels = 8;

    private readonly Wave[] _waves;

    public PhantomWarp(PhantomRandom random)
    {
        var strength = random.NextDouble();
        _waves =
        [
            .. Enumerable.Range(0, 4).Select(_ => new Wave(random, random.Uniform(90, 220), 3.5 * strength)),
            .. Enumerable.Range(0, 4).Select(_ => new Wave(random, random.Uniform(22, 60), 1.2 * strength)),
        ];
    }

    /// <summary>mm, head frame.</summary>
    public Vector3D DisplacementMm(Vector3D pointMm)
    {
        var sum = default(Vector3D);
        foreach (var wave in _waves)
        {
            sum += wave.AmplitudeMm * Math.Sin(wave.WaveVector.Dot(pointMm) + wave.Phase);
        }

        return sum;
    }

    /// <summary>The displacement of each pixel of a plane, interpolated between nodes 8 pixels apart.</summary>
    /// <param name="pointMm">Column and row to a point of the head frame.</param>
    public Vector3D[,] OverPlane(int columns, int rows, Func<int, int, Vector3D> pointMm)
    {
        var nodes = new Vector3D[(rows / CellPixels) + 2, (columns / CellPixels) + 2];
        for (var i = 0; i < nodes.GetLength(0); i++)
        {
            for (var j = 0; j < nodes.GetLength(1); j++)
            {
                nodes[i, j] = DisplacementMm(pointMm(j * CellPixels, i * CellPixels));
            }
        }

        var field = new Vector3D[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            var (i, v) = (row / CellPixels, row % CellPixels / (double)CellPixels);
            for (var column = 0; column < columns; column++)
            {
                var (j, u) = (column / CellPixels, column % CellPixels / (double)CellPixels);
                var top = (nodes[i, j] * (1 - u)) + (nodes[i, j + 1] * u);
                var bottom = (nodes[i + 1, j] * (1 - u)) + (nodes[i + 1, j + 1] * u);
                field[row, column] = (top * (1 - v)) + (bottom * v);
            }
        }

        return field;
    }

    private readonly struct Wave
    {
        public Wave(PhantomRandom random, double lengthMm, double amplitudeMm)
        {
            WaveVector = random.Direction() * (2 * Math.PI / lengthMm);
            Phase = random.Uniform(0, 2 * Math.PI);
            AmplitudeMm = random.Direction() * amplitudeMm;
        }

        public Vector3D WaveVector { get; }

        public double Phase { get; }

        public Vector3D AmplitudeMm { get; }
    }
}
