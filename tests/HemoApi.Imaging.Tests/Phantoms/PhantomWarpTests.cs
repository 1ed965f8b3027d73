using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Phantoms;

public class PhantomWarpTests
{
    private const int Size = 128;
    private const double SpacingMm = 1.6;

    [Fact]
    public void A_warped_slice_labels_each_pixel_by_the_displaced_point()
    {
        var head = PhantomFactory.Create(31, [HemorrhageType.Ich]);
        var warp = new PhantomWarp(new PhantomRandom(5));
        var lesion = head.Lesions[0];
        var middle = head.Pose.ToLpsMm(lesion.Body.CentreMm);

        // Thinner than a subsample: one point a pixel, which a test can compute by itself.
        var half = Size / 2 * SpacingMm;
        var geometry = new VolumeGeometry(
            Size, Size, new(1, 0, 0), new(0, 1, 0), SpacingMm, SpacingMm, [new(middle - new Vector3D(half, half, 0), 0.5)]);
        var labels = new byte[Size * Size];
        PhantomRenderer.RenderSlice(head, ScannerSettings.Ideal, geometry, 0, new float[Size * Size], labels, warp);

        var (blood, moved) = (0, 0);
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                var point = head.Pose.ToHead(geometry.ToLpsMm(column, row, 0));
                var distance = lesion.SignedDistanceMm(point + warp.DisplacementMm(point));

                // The displacement is interpolated between nodes: by the edge of a lesion it may differ a little.
                if (Math.Abs(distance) > 0.5)
                {
                    Assert.Equal(distance < 0, labels[(row * Size) + column] != 0);
                }

                blood += distance < 0 ? 1 : 0;
                moved += distance < 0 != lesion.SignedDistanceMm(point) < 0 ? 1 : 0;
            }
        }

        Assert.True(blood > 20 && moved > 5, $"{blood} pixels of blood, {moved} of them moved: nothing was compared");
    }
}
