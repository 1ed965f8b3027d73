using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>A whole study of a scene: slices of 5 mm from base to vertex, 512 × 512.</summary>
internal static class PaintedStudy
{
    private const int MatrixSize = 512;
    private const double ThicknessMm = 5;
    private const double MarginMm = 6;

    /// <param name="ranges">Of the scene and its scanner.</param>
    /// <param name="types">Exactly these hemorrhages; empty for a head without, null draws none to three.</param>
    /// <returns>The scan and the label of each voxel.</returns>
    public static (CtVolume Image, LabelVolume Labels) Render(ulong seed, HeadField head, SceneRanges ranges, IReadOnlyList<HemorrhageType>? types)
    {
        var random = new PhantomRandom(seed ^ 0x9A17ED57D1E5UL);
        var scene = SceneFactory.Draw(random, head, ranges, types);
        var finish = new ScannerFinish(random, ranges);
        var spacing = Math.Round(random.Uniform(0.43, 0.5), 4);
        var half = (MatrixSize - 1) * spacing / 2;
        var middle = scene.Pose.OffsetLpsMm;
        var low = scene.ToLpsMm(new(0, 0, head.LowestCavityMm)).Z - MarginMm;
        var high = scene.ToLpsMm(new(0, 0, head.HighestCavityMm)).Z + MarginMm;
        var geometry = new VolumeGeometry(
            MatrixSize, MatrixSize, new(1, 0, 0), new(0, 1, 0), spacing, spacing,
            [.. Enumerable.Range(0, (int)((high - low) / ThicknessMm) + 1).Select(k => new SlicePlane(new(middle.X - half, middle.Y - half, low + (k * ThicknessMm)), ThicknessMm))]);
        var hounsfield = new short[geometry.VoxelCount];
        var labels = new byte[geometry.VoxelCount];
        Parallel.For(0, geometry.SliceCount, slice =>
        {
            var section = HeadSection.Render(scene, geometry, slice);
            finish.Apply(section, new PhantomRandom(seed ^ ((ulong)(slice + 1) << 40)));
            var start = slice * MatrixSize * MatrixSize;
            for (var i = 0; i < section.Hu.Length; i++)
            {
                hounsfield[start + i] = (short)Math.Clamp(Math.Round(section.Hu[i]), -1024, 3071);
                labels[start + i] = section.Labels[i];
            }
        });
        return (new CtVolume(geometry, hounsfield), new LabelVolume(geometry, labels));
    }
}
