using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Tests.Painting;

/// <summary>A head that is a ball of brain in shells of bone and scalp.</summary>
internal static class BallHead
{
    public const double CavityMm = 60;
    public const float BrainHu = 34;
    private const double SkullMm = 6;
    private const double ScalpMm = 4;
    private const int Levels = 90;
    private const int Side = 180;

    public static HeadField Instance { get; } = Build();

    private static HeadField Build()
    {
        var hu = new float[Levels * Side * Side];
        var cavity = new bool[hu.Length];
        var outside = new float[hu.Length];
        for (var i = 0; i < hu.Length; i++)
        {
            var point = new Vector3D(
                ((i % Side) - ((Side - 1) / 2.0)) * HeadField.PlaneMm,
                ((i / Side % Side) - ((Side - 1) / 2.0)) * HeadField.PlaneMm,
                ((i / (Side * Side)) - ((Levels - 1) / 2.0)) * HeadField.LevelMm);
            var radius = point.Length;
            cavity[i] = radius < CavityMm;
            hu[i] = radius < CavityMm ? BrainHu : radius < CavityMm + SkullMm ? 1000 : radius < CavityMm + SkullMm + ScalpMm ? 20 : -1000;
            outside[i] = (float)Math.Max(0, radius - CavityMm - SkullMm);
        }

        return new HeadField(hu, cavity, outside, Levels, Side, Side, nativeThicknessMm: 1);
    }
}
