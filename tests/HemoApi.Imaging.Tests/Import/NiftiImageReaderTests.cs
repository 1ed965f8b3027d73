using HemoApi.Imaging.Export;
using HemoApi.Imaging.Import;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Import;

/// <summary>Images that nibabel has written, read in the orientation that we keep.</summary>
public sealed class NiftiImageReaderTests
{
    private static readonly VolumeGeometry Oblique = Stacks.Even(
        11, 9, 6, new Vector3D(0.96, 0.28, 0), new Vector3D(-0.28 * 0.8, 0.96 * 0.8, -0.6), new Vector3D(-0.28 * 0.6, 0.96 * 0.6, 0.8) * 5,
        rowSpacingMm: 0.75, columnSpacingMm: 0.5, origin: new Vector3D(-31.5, 12.25, -140));

    [Fact]
    public void Axes_in_any_order_and_direction_give_the_same_image_in_the_same_place()
    {
        var image = Scattered(Oblique);

        var files = Variants(
            image,
            """
            from itertools import permutations, product
            for n, (order, flips) in enumerate(product(permutations(range(3)), product((1, -1), repeat=3))):
                nibabel.save(image.as_reoriented(numpy.stack([order, flips], axis=1).astype(float)), f'{folder}/{n}.nii.gz')
            """);

        Assert.Equal(48, files.Count);
        Assert.All(files, file => AssertSame(image, Read(file)));
    }

    [Fact]
    public void Floats_big_endian_numbers_and_scales_give_the_same_hounsfield_units()
    {
        var image = Scattered(Oblique);

        var files = Variants(
            image,
            """
            hu = numpy.asarray(image.dataobj)
            for kind in 'i2 i4 f4 f8'.split():
                for order in '<>':
                    header = nibabel.Nifti1Header(endianness=order)
                    header.set_data_dtype(numpy.dtype(order + kind))
                    nibabel.save(nibabel.Nifti1Image(hu.astype(kind), image.affine, header), f'{folder}/{"le" if order == "<" else "be"}{kind}.nii')
            nibabel.save(nibabel.Nifti1Image((hu + 1024).astype('u2') * 2, image.affine), f'{folder}/scaled.nii')
            raw = bytearray(open(f'{folder}/scaled.nii', 'rb').read())
            struct.pack_into('<2f', raw, 112, 0.5, -1024)
            open(f'{folder}/scaled.nii', 'wb').write(raw)
            numpy.testing.assert_array_equal(nibabel.load(f'{folder}/scaled.nii').get_fdata(), hu)
            """);

        Assert.Equal(9, files.Count);
        Assert.All(files, file => AssertSame(image, Read(file)));
    }

    [Fact]
    public void A_tilted_gantry_keeps_its_shear_and_its_volume()
    {
        var tilted = Scattered(Stacks.Tilted(12, 10, 8, degrees: 18.5, spacingMm: 0.5, tableStepMm: 5));
        using var file = new MemoryStream();
        NiftiWriter.WriteImage(tilted, file);

        var read = Read(file.ToArray());

        AssertSame(tilted, read);
        Assert.Equal(18.5, read.Geometry.ShearDegrees, 1e-3);
        Assert.Equal(tilted.Geometry.SliceExtentMm(3), read.Geometry.SliceExtentMm(3), 1e-4);
    }

    [Fact]
    public void The_thickness_is_the_distance_between_slices()
    {
        using var file = new MemoryStream();
        NiftiWriter.WriteImage(Scattered(Oblique), file);

        Assert.All(Read(file.ToArray()).Geometry.Slices, slice => Assert.Equal(5, slice.ThicknessMm, 1e-4));
    }

    [Theory]
    [InlineData("nan", FaultCodes.NiftiInvalid)]
    [InlineData("too large", FaultCodes.NiftiInvalid)]
    [InlineData("skewed in the slice", FaultCodes.NiftiUnsupported)]
    [InlineData("no orientation", FaultCodes.NiftiUnsupported)]
    [InlineData("cut off", FaultCodes.NiftiInvalid)]
    [InlineData("too many voxels", FaultCodes.NiftiUnsupported)]
    public void What_is_no_ct_is_refused_by_code(string damage, string code)
    {
        var files = Variants(
            Scattered(Oblique),
            $$"""
            damage = '{{damage}}'
            hu, affine = numpy.asarray(image.dataobj).astype('f4'), image.affine.copy()
            if damage == 'nan': hu[3, 2, 1] = numpy.nan
            if damage == 'too large': hu[3, 2, 1] = 40000
            if damage == 'skewed in the slice': affine[:3, 1] += affine[:3, 0] * 0.2
            made = nibabel.Nifti1Image(hu, affine)
            if damage == 'no orientation': made.set_sform(None, 0); made.set_qform(None, 0)
            nibabel.save(made, f'{folder}/x.nii')
            raw = bytearray(open(f'{folder}/x.nii', 'rb').read())
            if damage == 'no orientation': struct.pack_into('<2h', raw, 252, 0, 0)
            if damage == 'too many voxels': struct.pack_into('<3h', raw, 42, 32767, 32767, 32767)
            open(f'{folder}/x.nii', 'wb').write(raw[:-1] if damage == 'cut off' else raw)
            """);

        Assert.False(NiftiImageReader.Read(new MemoryStream(Assert.Single(files)), CancellationToken.None).TryGet(out _, out var fault));
        Assert.Equal(code, fault.Code);
    }

    private static void AssertSame(CtVolume expected, CtVolume actual)
    {
        var (e, a) = (expected.Geometry, actual.Geometry);
        Assert.Equal((e.Columns, e.Rows, e.SliceCount), (a.Columns, a.Rows, a.SliceCount));
        Assert.Equal(expected.Hounsfield, actual.Hounsfield);
        foreach (var (column, row, slice) in new[] { (0, 0, 0), (e.Columns - 1, 0, e.SliceCount - 1), (0, e.Rows - 1, 1) })
        {
            Assert.InRange((e.ToLpsMm(column, row, slice) - a.ToLpsMm(column, row, slice)).Length, 0, 1e-3);
        }
    }

    private static CtVolume Scattered(VolumeGeometry geometry) =>
        new(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(i => (short)((i * 2654435761L % 4001) - 1000))]);

    private static CtVolume Read(byte[] file) => NiftiImageReader.Read(new MemoryStream(file), CancellationToken.None).Value;

    /// <summary>The files that a script makes of an image with nibabel; it finds <c>image</c> and <c>folder</c>.</summary>
    private static List<byte[]> Variants(CtVolume image, string script)
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        using var folder = new TemporaryFolder();
        using var variants = new TemporaryFolder();
        using (var file = File.Create(folder["image.nii.gz"]))
        {
            NiftiWriter.WriteImage(image, file);
        }

        ExternalTools.Python($"import nibabel, numpy, struct, sys\nimage, folder = nibabel.load(sys.argv[1]), sys.argv[2]\n{script}", folder["image.nii.gz"], variants.FullPath);
        return [.. Directory.EnumerateFiles(variants.FullPath).Select(File.ReadAllBytes)];
    }
}
