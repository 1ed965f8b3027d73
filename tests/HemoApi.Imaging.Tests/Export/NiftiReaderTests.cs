using HemoApi.Imaging.Export;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Export;

public sealed class NiftiReaderTests
{
    private static readonly VolumeGeometry Geometry = Stacks.Tilted(7, 5, 4, 12, 0.5, 3);

    [Fact]
    public void An_image_comes_back_voxel_by_voxel()
    {
        var image = new CtVolume(Geometry, [.. Enumerable.Range(0, (int)Geometry.VoxelCount).Select(i => (short)((i * 37) - 1024))]);
        using var file = new MemoryStream();
        NiftiWriter.WriteImage(image, file);

        file.Position = 0;
        Assert.Equal(image.Hounsfield, NiftiReader.ReadImage(file, Geometry).SelectMany(slice => slice));
    }

    [Fact]
    public void A_file_of_another_series_is_refused()
    {
        using var file = new MemoryStream();
        NiftiWriter.WriteImage(Geometry.Water(), file);
        file.Position = 0;

        Assert.Throws<InvalidDataException>(() => NiftiReader.ReadImage(file, Stacks.Axial(7, 5, 5)).ToList());
    }
}
