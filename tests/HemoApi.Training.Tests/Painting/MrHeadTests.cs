using HemoApi.Imaging.Export;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Tests.Painting;

public sealed class MrHeadTests : IDisposable
{
    private const int Side = 170;
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-mr-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_t1_head_becomes_a_ct_with_bone_where_mr_is_dark_and_white_matter_darker_than_cortex()
    {
        Write(MrHead.HeadFile, (radius, _) => radius switch { < 10 => 20, < 40 => 110, < 55 => 80, < 64 => 5, < 70 => 180, _ => 0 });
        Write(MrHead.BrainFile, (radius, t1) => radius < 55 ? 1 : 0);
        var head = MrHead.Build(_folder);

        Assert.InRange(At(0), 5, 12);
        Assert.InRange(At(28), 26, 32);
        Assert.InRange(At(48), 34, 39);
        Assert.True(At(61) > 400, "bone");
        Assert.InRange(At(68), -100, 60);
        Assert.Equal(-1000, At(78));
        Assert.InRange(head.At(Middle(head)).DepthMm, 53, 59);

        float At(double radius) => head.At(Middle(head) + new Vector3D(radius, 0, 0)).Hu;
    }

    private static Vector3D Middle(HeadField head) => new(0, 0, (head.LowestCavityMm + head.HighestCavityMm) / 2);

    private void Write(string name, Func<double, int, int> value)
    {
        var half = (Side - 1) / 2.0;
        var geometry = new VolumeGeometry(
            Side, Side, new(1, 0, 0), new(0, 1, 0), 1, 1, [.. Enumerable.Range(0, Side).Select(k => new SlicePlane(new(-half, -half, k - half), 1))]);
        var values = new short[geometry.VoxelCount];
        for (var i = 0; i < values.Length; i++)
        {
            var radius = new Vector3D((i % Side) - half, (i / Side % Side) - half, (i / (Side * Side)) - half).Length;
            values[i] = (short)value(radius, values[i]);
        }

        using var file = File.Create(Path.Combine(_folder, name));
        NiftiWriter.WriteImage(new CtVolume(geometry, values), file);
    }
}
