using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Phantoms;

public class PhantomSulciTests
{
    [Fact]
    public void Sulci_are_dark_sheets_in_the_cortex_and_leave_the_white_matter_alone()
    {
        var head = PhantomFactory.Create(40, []);
        var geometry = new VolumeGeometry(
            256, 256, new(1, 0, 0), new(0, 1, 0), 0.8, 0.8, [new(head.Pose.ToLpsMm(new(0, 0, 20)) - new Vector3D(102.4, 102.4, 0), 1)]);
        var hu = new float[256 * 256];
        PhantomRenderer.RenderSlice(head, ScannerSettings.Ideal, geometry, 0, hu, new byte[hu.Length]);

        var shallow = new List<float>();
        var deep = new List<float>();
        for (var i = 0; i < hu.Length; i++)
        {
            var point = head.Pose.ToHead(geometry.ToLpsMm(i % 256, i / 256, 0));
            if (head.Structures.Any(s => s.Shape.SignedDistanceMm(point) < 3) || Math.Abs(point.X) < 4)
            {
                continue;
            }

            var depth = -head.BrainSurface.SignedDistanceMm(point);
            if (depth > 2 && depth < head.Sulci.DepthMm / 2)
            {
                shallow.Add(hu[i]);
            }
            else if (depth > head.Sulci.DepthMm + 6)
            {
                deep.Add(hu[i]);
            }
        }

        var dark = (head.Tissue.Csf + head.Tissue.WhiteMatter) / 2;
        Assert.InRange(shallow.Count(v => v < dark) / (double)shallow.Count, 0.01, 0.4);
        Assert.True(deep.Count > 1000, "there is no white matter to look at");
        Assert.DoesNotContain(deep, v => v < dark);
    }
}
