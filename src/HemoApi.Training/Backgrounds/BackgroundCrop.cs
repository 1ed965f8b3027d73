using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Backgrounds;

/// <summary>A square of a background as a head of other size, form and pose would show it: turned, scaled, mirrored, bent.</summary>
internal sealed class BackgroundCrop
{
    private const double MarginMm = 15;

    private readonly double _sin;
    private readonly double _cos;
    private readonly double _centreX;
    private readonly double _centreY;

    public BackgroundCrop(PhantomRandom random, BackgroundSlice slice, int size, double spacingMm)
    {
        (Size, SpacingMm) = (size, spacingMm);
        (Hu, DepthMm, OutsideMm) = (new float[size * size], new float[size * size], new float[size * size]);
        var cavity = slice.Cavity;
        var scale = random.Uniform(0.85, 1.2);
        var aspect = random.Uniform(0.92, 1.08);
        var mirror = random.Chance(0.5) ? -1 : 1;
        (_sin, _cos) = Math.SinCos(random.Gaussian() * 12 * Math.PI / 180);

        // Where the middle of the cavity lies in the crop: the crop wanders over the head, and holds it all where there is room.
        var half = size * spacingMm / 2;
        _centreX = half + Wander(cavity.ReachColumns * slice.SpacingMm * scale);
        _centreY = half + Wander(cavity.ReachRows * slice.SpacingMm * scale);

        var bend = random.Uniform(0, 2.5);
        var (bendX, bendY) = (new SmoothField(random, size, 30 / spacingMm), new SmoothField(random, size, 30 / spacingMm));
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var x = (column * spacingMm) - _centreX + (bend * bendX[row, column]);
                var y = (row * spacingMm) - _centreY + (bend * bendY[row, column]);
                var sourceX = ((_cos * x) + (_sin * y)) * mirror / (scale * aspect);
                var sourceY = ((_cos * y) - (_sin * x)) * aspect / scale;
                var (hu, depth, outside) = slice.At(cavity.MiddleRow + (sourceY / slice.SpacingMm), cavity.MiddleColumn + (sourceX / slice.SpacingMm));
                var i = (row * size) + column;
                (Hu[i], DepthMm[i], OutsideMm[i]) = (hu, (float)(depth * scale), (float)(outside * scale));
            }
        }

        double Wander(double reachMm) => random.Uniform(-1, 1) * Math.Max(0, reachMm + MarginMm - (half / 2));
    }

    public int Size { get; }

    public double SpacingMm { get; }

    /// <summary>Size × size, as <see cref="BackgroundSlice.Hu"/>.</summary>
    public float[] Hu { get; }

    public float[] DepthMm { get; }

    public float[] OutsideMm { get; }

    /// <summary>Millimetres from the middle of the cavity, to the patient's left and to posterior as the head lies, before mirroring.</summary>
    public (double Left, double Posterior) FromMiddleMm(int pixel)
    {
        var (x, y) = (((pixel % Size) * SpacingMm) - _centreX, ((pixel / Size) * SpacingMm) - _centreY);
        return ((_cos * x) + (_sin * y), (_cos * y) - (_sin * x));
    }

    /// <summary>A pixel at that depth in the cavity; null where there is none.</summary>
    public int? PixelAt(PhantomRandom random, double minimumDepthMm, double maximumDepthMm = double.PositiveInfinity)
    {
        var candidates = new List<int>();
        for (var i = 0; i < DepthMm.Length; i++)
        {
            if (DepthMm[i] > minimumDepthMm && DepthMm[i] < maximumDepthMm)
            {
                candidates.Add(i);
            }
        }

        return candidates.Count == 0 ? null : candidates[random.Integer(0, candidates.Count)];
    }
}
