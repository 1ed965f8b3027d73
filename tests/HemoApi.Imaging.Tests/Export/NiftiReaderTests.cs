using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Export;

public sealed class NiftiReaderTests
{
    private static readonly VolumeGeometry Geometry = Stacks.Tilted(7, 5, 4, 12, 0.5, 3);

    [Fact]
    public void Image_and_mask_come_back_voxel_by_voxel()
    {
        var image = new CtVolume(Geometry, [.. Enumerable.Range(0, (int)Geometry.VoxelCount).Select(i => (short)((i * 37) - 1024))]);
        var mask = new LabelVolume(Geometry, [.. Enumerable.Range(0, (int)Geometry.VoxelCount).Select(i => (byte)(i % 4))]);
        using var imageFile = new MemoryStream();
        using var maskFile = new MemoryStream();
        NiftiWriter.WriteImage(image, imageFile);
        NiftiWriter.WriteMask(mask, maskFile);

        (imageFile.Position, maskFile.Position) = (0, 0);
        Assert.Equal(image.Hounsfield, NiftiReader.ReadImage(imageFile, Geometry).SelectMany(slice => slice));
        Assert.Equal(mask.Labels, NiftiReader.ReadMask(maskFile, Geometry).Labels);
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
