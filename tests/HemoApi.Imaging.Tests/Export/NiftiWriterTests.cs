using System.Globalization;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Export;

public sealed class NiftiWriterTests
{
    private static readonly Vector3D Left = Stacks.Left;
    private static readonly Vector3D Posterior = Stacks.Posterior;
    private static readonly Vector3D Superior = Stacks.Superior;

    public static TheoryData<string> Orientations =>
        ["axial head first", "axial feet first", "coronal", "sagittal", "flipped rows", "flipped columns", "oblique"];

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Voxels_and_both_forms_are_those_that_dcm2niix_makes_of_the_same_series(string orientation)
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        using var folder = new TemporaryFolder();
        var image = Image(Geometry(orientation));
        var files = DicomSeries.FilesOf(image, reversed: orientation == "axial feet first");
        for (var i = 0; i < files.Count; i++)
        {
            File.WriteAllBytes(folder[$"{i:D3}.dcm"], files[i]);
        }

        ExternalTools.Run("dcm2niix", "-z", "y", "-b", "n", "-f", "theirs", "-o", folder.FullPath, folder.FullPath);
        WriteImage(image, folder["ours.nii.gz"]);

        ExternalTools.Python(
            """
            import nibabel, numpy, sys
            ours, theirs = nibabel.load(sys.argv[1]), nibabel.load(sys.argv[2])
            numpy.testing.assert_allclose(ours.get_sform(), theirs.get_sform(), atol=1e-3)
            numpy.testing.assert_allclose(ours.get_qform(), theirs.get_qform(), atol=2e-3)
            numpy.testing.assert_allclose(ours.get_qform(), ours.get_sform(), atol=2e-3)
            numpy.testing.assert_array_equal(numpy.asarray(ours.dataobj), numpy.asarray(theirs.dataobj))
            assert ours.header['qform_code'] == 1 and ours.header['sform_code'] == 1
            """,
            folder["ours.nii.gz"],
            folder["theirs.nii.gz"]);
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Mask_and_image_overlay_at_their_LPS_place(string orientation)
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        using var folder = new TemporaryFolder();
        var geometry = Geometry(orientation);
        var target = geometry.ToLpsMm(column: 11, row: 4, slice: 3);
        WriteImage(new CtVolume(geometry, geometry.Draw(p => (p - target).Length < 2.2 ? (short)70 : (short)-5)), folder["image.nii.gz"]);
        WriteMask(geometry.DrawMask(p => (p - target).Length < 2.2 ? HemorrhageType.Sdh : null), folder["mask.nii.gz"]);

        ExternalTools.Python(
            """
            import nibabel, numpy, sys
            image, mask = nibabel.load(sys.argv[1]), nibabel.load(sys.argv[2])
            numpy.testing.assert_array_equal(image.affine, mask.affine)
            hu, labels = numpy.asarray(image.dataobj), numpy.asarray(mask.dataobj)
            numpy.testing.assert_array_equal(labels, numpy.where(hu == 70, 3, 0))
            centre = nibabel.affines.apply_affine(mask.affine, numpy.argwhere(labels == 3)).mean(axis=0)
            numpy.testing.assert_allclose(centre, numpy.array(sys.argv[3].split(), float) * [-1, -1, 1], atol=1e-3)
            """,
            folder["image.nii.gz"],
            folder["mask.nii.gz"],
            string.Create(CultureInfo.InvariantCulture, $"{target.X} {target.Y} {target.Z}"));
    }

    [Fact]
    public void A_tilted_stack_has_its_exact_sheared_sform_and_no_qform()
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        using var folder = new TemporaryFolder();
        var geometry = Stacks.Tilted(columns: 16, rows: 12, slices: 30, degrees: 18.5, spacingMm: 0.5, tableStepMm: 5);
        WriteMask(geometry.MaskOf((15, 2, 28, HemorrhageType.Ich)), folder["mask.nii.gz"]);
        var place = geometry.ToLpsMm(15, 2, 28);

        ExternalTools.Python(
            """
            import nibabel, numpy, sys
            mask = nibabel.load(sys.argv[1])
            header = mask.header
            assert header['qform_code'] == 0 and header['sform_code'] == 1
            voxel = numpy.argwhere(numpy.asarray(mask.dataobj) == 1)
            numpy.testing.assert_allclose(
                nibabel.affines.apply_affine(mask.affine, voxel)[0], numpy.array(sys.argv[2].split(), float) * [-1, -1, 1], atol=1e-3)
            numpy.testing.assert_allclose(numpy.prod(header.get_zooms()), abs(numpy.linalg.det(mask.affine)), rtol=1e-5)
            assert b'sheared' in header['descrip'].item()
            """,
            folder["mask.nii.gz"],
            string.Create(CultureInfo.InvariantCulture, $"{place.X} {place.Y} {place.Z}"));
    }

    [Fact]
    public void An_uneven_stack_joins_its_end_slices_and_says_so()
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        using var folder = new TemporaryFolder();
        WriteMask(Stacks.AxialAt(columns: 4, rows: 3, spacingMm: 1, thicknessMm: 5, 10, 15, 20, 28).MaskOf(), folder["mask.nii.gz"]);

        ExternalTools.Python(
            """
            import nibabel, numpy, sys
            mask = nibabel.load(sys.argv[1])
            numpy.testing.assert_allclose(mask.affine, [[-1, 0, 0, 0], [0, 1, 0, -2], [0, 0, 6, 10], [0, 0, 0, 1]], atol=1e-6)
            assert b'uneven' in mask.header['descrip'].item(), mask.header['descrip']
            """,
            folder["mask.nii.gz"]);
    }

    [Fact]
    public void The_header_says_what_the_voxels_are()
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        using var folder = new TemporaryFolder();
        var geometry = Geometry("axial head first");
        WriteImage(Image(geometry), folder["image.nii.gz"]);
        WriteMask(geometry.MaskOf(), folder["mask.nii.gz"]);

        ExternalTools.Python(
            """
            import nibabel, numpy, sys
            image, mask = nibabel.load(sys.argv[1]).header, nibabel.load(sys.argv[2]).header
            assert image.get_data_dtype() == numpy.int16 and mask.get_data_dtype() == numpy.uint8
            assert image.get_xyzt_units()[0] == 'mm' and mask.get_xyzt_units()[0] == 'mm'
            assert image.get_intent()[0] == 'none' and mask.get_intent()[0] == 'label'
            # nibabel takes scl_slope out of a loaded header: read the bytes.
            import gzip, struct
            for path in sys.argv[1:]:
                raw = gzip.open(path).read()
                assert struct.unpack_from('<2f', raw, 112) == (1.0, 0.0), path
                assert raw[148:228].rstrip(b'\0').decode('ascii').startswith('HemoApi')
            """,
            folder["image.nii.gz"],
            folder["mask.nii.gz"]);
    }

    [Fact]
    public void The_same_volume_gives_the_same_bytes()
    {
        var image = Image(Geometry("oblique"));
        using var first = new MemoryStream();
        using var second = new MemoryStream();

        NiftiWriter.WriteImage(image, first);
        NiftiWriter.WriteImage(image, second);

        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Fact]
    public void Gzip_finds_the_file_whole_whatever_the_number_of_slices()
    {
        ExternalTools.Require("gzip");
        using var folder = new TemporaryFolder();
        var geometry = Stacks.Axial(64, 64, 23);
        var image = new CtVolume(geometry, geometry.Draw(p => (short)((p.X * 31) + (p.Y * 7) - (p.Z * 100))));
        WriteImage(image, folder["image.nii.gz"]);

        ExternalTools.Run("gzip", "--test", folder["image.nii.gz"]);

        Assert.Equal(352 + (64 * 64 * 23 * 2), ExternalTools.Run("gzip", "-l", "--quiet", folder["image.nii.gz"])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(int.Parse).First());
    }

    private static VolumeGeometry Geometry(string orientation)
    {
        var (row, column, step) = orientation switch
        {
            "axial head first" or "axial feet first" => (Left, Posterior, Superior),
            "coronal" => (Left, Superior.Opposite(), Posterior),
            "sagittal" => (Posterior, Superior.Opposite(), Left.Opposite()),
            "flipped rows" => (Left, Posterior.Opposite(), Superior.Opposite()),
            "flipped columns" => (Left.Opposite(), Posterior, Superior.Opposite()),
            "oblique" => (new Vector3D(0.96, 0.28, 0), new Vector3D(-0.28 * 0.8, 0.96 * 0.8, -0.6), new Vector3D(-0.28 * 0.6, 0.96 * 0.6, 0.8)),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation)),
        };
        return Stacks.Even(16, 12, 7, row, column, step * 5, rowSpacingMm: 0.75, columnSpacingMm: 0.5, origin: new Vector3D(-31.5, 12.25, -140));
    }

    /// <summary>Every voxel of another value, so that a flip or a swap can't hide.</summary>
    private static CtVolume Image(VolumeGeometry geometry) =>
        new(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(i => (short)(i - 1024))]);

    private static void WriteImage(CtVolume image, string path)
    {
        using var file = File.Create(path);
        NiftiWriter.WriteImage(image, file);
    }

    private static void WriteMask(LabelVolume mask, string path)
    {
        using var file = File.Create(path);
        NiftiWriter.WriteMask(mask, file);
    }
}
