using System.Globalization;
using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Tests.Export;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>The whole way from DICOM files to a NIfTI file, against dcm2niix on the same files, both read by nibabel.</summary>
public sealed class Dcm2niixTests
{
    private static readonly Vector3D Left = Stacks.Left;
    private static readonly Vector3D Posterior = Stacks.Posterior;
    private static readonly Vector3D Superior = Stacks.Superior;

    [Theory]
    [InlineData("supine, head first")]
    [InlineData("supine, feet first")]
    [InlineData("prone")]
    [InlineData("decubitus right")]
    [InlineData("decubitus left")]
    [InlineData("crooked")]
    [InlineData("thin and not square")]
    [InlineData("overlapping")]
    [InlineData("with gaps")]
    public void A_stack_in_any_position_and_spacing_gives_the_voxels_affine_and_dimensions_of_dcm2niix(string kind)
    {
        using var folder = new TemporaryFolder();
        var image = Numbered(Geometry(kind));
        Write(folder, DicomSeries.FilesOf(image, reversed: kind == "supine, feet first"));

        var ours = Convert(folder);

        Assert.Equal(image.Hounsfield, ours.Hounsfield);
        Compare(folder, "theirs.nii.gz", "assert_affine(atol=2e-3); assert_voxels()");
    }

    [Theory]
    [InlineData("dcmconv", "+ti")]
    [InlineData("dcmconv", "+tb")]
    [InlineData("dcmconv", "+td")]
    [InlineData("dcmcrle", "")]
    [InlineData("dcmcjpeg", "+e1")]
    [InlineData("dcmcjpls", "+el")]
    [InlineData("gdcmconv", "--j2k")]
    public void A_stack_in_any_transfer_syntax_gives_the_voxels_affine_and_dimensions_of_dcm2niix_on_it_uncompressed(string tool, string options)
    {
        // dcm2niix itself is asked about the uncompressed files: Debian's build has no JPEG-LS and does not read every syntax.
        using var folder = new TemporaryFolder();
        var image = Numbered(Geometry("crooked"));
        var files = DicomSeries.FilesOf(image);
        Write(folder, files);
        using var compressed = new TemporaryFolder();
        for (var k = 0; k < files.Count; k++)
        {
            ExternalTools.Run(tool, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), folder[$"in/{k:D3}.dcm"], compressed[$"{k:D3}.dcm"]]);
        }

        var ours = Convert(folder, compressed.FullPath);

        Assert.Equal(image.Hounsfield, ours.Hounsfield);
        Compare(folder, "theirs.nii.gz", "assert_affine(atol=2e-3); assert_voxels()");
    }

    [Theory]
    [InlineData("")]
    [InlineData("legacy")]
    public void An_enhanced_CT_gives_the_affine_and_dimensions_of_dcm2niix_which_takes_the_rescale_of_one_frame_for_all(string options)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["in"]);
        MultiFrameCt.Write(folder["in/a.dcm"], options);

        Convert(folder);

        Compare(folder, "theirs.nii.gz", "assert_affine(atol=2e-3)");
    }

    [Theory]
    [InlineData(18.5)]
    [InlineData(-12)]
    public void A_tilted_stack_has_dcm2niix_s_voxels_and_true_positions_where_dcm2niix_stretches_rows_by_the_cosine_to_hide_the_shear(double degrees)
    {
        using var folder = new TemporaryFolder();
        var image = Numbered(Stacks.Tilted(columns: 16, rows: 12, slices: 10, degrees, spacingMm: 0.5, tableStepMm: 5));
        Write(folder, DicomSeries.FilesOf(image));

        Convert(folder);

        Compare(folder, "theirs.nii.gz", "assert_voxels(); assert_positions(); assert_stretched(float(sys.argv[4]))", string.Create(CultureInfo.InvariantCulture, $"{degrees}"));
    }

    [Fact]
    public void A_tilted_stack_on_the_orthogonal_grid_has_the_values_that_dcm2niix_s_own_tilt_correction_gives()
    {
        using var folder = new TemporaryFolder();
        var geometry = Stacks.Tilted(columns: 16, rows: 40, slices: 10, degrees: 18.5, spacingMm: 0.5, tableStepMm: 5);
        Write(folder, DicomSeries.FilesOf(new CtVolume(geometry, geometry.Draw(p => (short)(900 + (300 * Math.Sin(p.Y / 3)) + (20 * p.X) - (5 * p.Z))))));
        ExternalTools.Run("dcmodify", ["-nb", "-i", "(0018,1120)=18.5", .. Directory.GetFiles(folder["in"])]);

        var image = Convert(folder);
        using (var nifti = File.Create(folder["ours.nii.gz"]))
        {
            NiftiWriter.WriteOrthogonalImage(image, nifti);
        }

        // Only the origin differs: dcm2niix does not move it although it adds rows, so that the files are laid over each other by their values.
        Compare(folder, "theirs_Tilt_1.nii.gz", "assert_same_grid(); assert_voxels_inside()");
    }

    [Fact]
    public void An_uneven_stack_has_dcm2niix_s_voxels_on_an_affine_through_its_end_slices_where_dcm2niix_repeats_the_first_gap()
    {
        using var folder = new TemporaryFolder();
        var image = Numbered(Stacks.AxialAt(16, 12, 0.5, 5, 0, 5, 10, 15, 21, 26, 31, 36, 41, 46));
        Write(folder, DicomSeries.FilesOf(image));

        Convert(folder);

        Compare(folder, "theirs.nii.gz", "assert_voxels(); assert_ends(); numpy.testing.assert_allclose(theirs.affine[2, 2], 5, atol=1e-3)");
    }

    [Fact]
    public void The_GE_study_has_dcm2niix_s_voxels_and_true_positions_where_dcm2niix_stretches_rows_and_repeats_the_first_gap()
    {
        using var folder = new TemporaryFolder();
        Write(folder, GeStudy.Files());

        Convert(folder);

        // Padding, -1500 in these files, is air with us.
        Compare(folder, "theirs.nii.gz", "assert_voxels(padding=-1500); assert_ends(); assert_stretched(18.5)");
    }

    private static VolumeGeometry Geometry(string kind)
    {
        var (row, column) = kind switch
        {
            "prone" => (Left.Opposite(), Posterior.Opposite()),
            "decubitus right" => (Posterior, Left.Opposite()),
            "decubitus left" => (Posterior.Opposite(), Left),
            "crooked" => (new Vector3D(0.96, 0.28, 0), new Vector3D(-0.28 * 0.96, 0.96 * 0.96, -0.28)),
            _ => (Left, Posterior),
        };
        var (stepMm, thicknessMm) = kind switch
        {
            "thin and not square" => (0.625, 0.625),
            "overlapping" => (2.5, 5),
            "with gaps" => (10.0, 5),
            _ => (5.0, 5),
        };
        return Stacks.Even(
            16, 12, 10, row, column, row.Cross(column) * stepMm, kind == "thin and not square" ? 0.75 : 0.5, 0.5, thicknessMm, new Vector3D(-31.5, 12.25, -140));
    }

    /// <summary>Every voxel of another value, so that a flip or a swap can't hide.</summary>
    private static CtVolume Numbered(VolumeGeometry geometry) => new(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(i => (short)(i - 1000))]);

    private static void Write(TemporaryFolder folder, IReadOnlyList<byte[]> files)
    {
        Directory.CreateDirectory(folder["in"]);
        for (var k = 0; k < files.Count; k++)
        {
            File.WriteAllBytes(folder[$"in/{k:D3}.dcm"], files[k]);
        }
    }

    /// <summary>Through the header reader, the catalogue, the volume reader and the NIfTI writer.</summary>
    private static CtVolume Convert(TemporaryFolder folder, string? input = null)
    {
        ExternalTools.RequirePython("nibabel", "numpy", "pydicom");
        ExternalTools.Require("dcm2niix");
        var instances = Directory.GetFiles(input ?? folder["in"]).Order().Select(path =>
        {
            using var stream = File.OpenRead(path);
            return DicomHeaderReader.ReadAndCheckPixelData(stream, path).Value;
        }).ToArray();
        Assert.SkipUnless(instances.All(i => TransferSyntax.Find(i.TransferSyntaxUid)!.CanDecode), "gdcmconv is not installed");
        var plan = SeriesCatalogue.Plan(instances, null).Value;
        var volume = CtVolumeReader.Read(plan, File.OpenRead, null, TestContext.Current.CancellationToken).Value;
        using var nifti = File.Create(folder["ours.nii.gz"]);
        NiftiWriter.WriteImage(volume, nifti);
        return volume;
    }

    private static void Compare(TemporaryFolder folder, string theirs, string checks, params string[] arguments)
    {
        ExternalTools.Run("dcm2niix", "-z", "y", "-b", "n", "-f", "theirs", "-o", folder.FullPath, folder["in"]);
        ExternalTools.Python(
            """
            import glob, sys, nibabel, numpy, pydicom
            ours, theirs = nibabel.load(sys.argv[1]), nibabel.load(sys.argv[2])
            assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
            slices = [pydicom.dcmread(f, stop_before_pixels=True) for f in glob.glob(sys.argv[3] + '/*')]
            def places():
                orientation = numpy.array(slices[0].ImageOrientationPatient, float)
                normal = numpy.cross(orientation[:3], orientation[3:])
                return numpy.array(sorted(([float(v) for v in d.ImagePositionPatient] for d in slices), key=lambda p: numpy.dot(p, normal)))
            def assert_affine(atol): numpy.testing.assert_allclose(ours.affine, theirs.affine, atol=atol)
            def assert_voxels(padding=None):
                a, b = numpy.asarray(ours.dataobj), numpy.asarray(theirs.dataobj)
                numpy.testing.assert_array_equal(a, b if padding is None else numpy.where(b == padding, -1024, b))
            def at(k):
                # The first pixel that DICOM stores is the last row of a NIfTI slice.
                return nibabel.affines.apply_affine(ours.affine, [0, ours.shape[1] - 1, k]) * [-1, -1, 1]
            def assert_positions():
                numpy.testing.assert_allclose([at(k) for k in range(ours.shape[2])], places(), atol=1e-3)
            def assert_same_grid(): numpy.testing.assert_allclose(ours.affine[:3, :3], theirs.affine[:3, :3], atol=2e-3)
            def assert_voxels_inside():
                a, b = (numpy.asarray(n.dataobj).astype(int) for n in (ours, theirs))
                # At the edge we go over to air within a pixel, and dcm2niix at once, to the image's lowest value.
                both = (a != -1024) & (b != b.min())
                inside = both.copy()
                inside[:, 1:-1] &= both[:, :-2] & both[:, 2:]
                assert inside.sum() > 5000 and numpy.abs(a - b)[inside].max() <= 1
            def assert_ends():
                numpy.testing.assert_allclose([at(0), at(ours.shape[2] - 1)], places()[[0, -1]], atol=1e-3)
            def assert_stretched(degrees):
                row, cosine = float(slices[0].PixelSpacing[0]), numpy.cos(numpy.radians(degrees))
                orientation, step = numpy.array(slices[0].ImageOrientationPatient, float), places()[1] - places()[0]
                numpy.testing.assert_allclose(-ours.affine[:3, 1] * [-1, -1, 1], orientation[3:] * row, atol=1e-4)
                numpy.testing.assert_allclose(theirs.affine[1, 1], row / cosine, atol=1e-4)
                numpy.testing.assert_allclose(theirs.affine[2, 2], step[2] * cosine ** 2, atol=1e-2)
            CHECKS
            """.Replace("CHECKS", checks, StringComparison.Ordinal),
            [folder["ours.nii.gz"], folder[theirs], folder["in"], .. arguments]);
    }
}
