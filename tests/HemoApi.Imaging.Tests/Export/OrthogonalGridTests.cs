using System.Globalization;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Export;

/// <summary>Sheared and uneven stacks on a right-angled grid, against functions whose value at every point is known.</summary>
public sealed class OrthogonalGridTests
{
    private static readonly VolumeGeometry TiltedStack = Stacks.Tilted(columns: 24, rows: 30, slices: 12, degrees: 18.5, spacingMm: 0.75, tableStepMm: 5);

    private static readonly VolumeGeometry UnevenStack =
        Stacks.AxialAt(columns: 16, rows: 12, spacingMm: 0.5, thicknessMm: 4, [.. Enumerable.Range(0, 12).Select(k => 4.0 * k), .. Enumerable.Range(0, 10).Select(k => 46.6 + (7.0 * k))]);

    private static readonly VolumeGeometry TiltedUnevenStack = new(
        24,
        30,
        TiltedStack.RowDirection,
        TiltedStack.ColumnDirection,
        0.75,
        0.75,
        [.. Enumerable.Range(0, 20).Select(k => new SlicePlane(new Vector3D(0, 0, k < 10 ? 2.5 * k : 22.5 + (5 * (k - 9))), k < 10 ? 2.5 : 5))]);

    public static TheoryData<string> GridNames => ["tilted", "uneven", "tilted and uneven"];

    [Theory]
    [MemberData(nameof(GridNames))]
    public void A_linear_image_keeps_its_value_at_every_point_of_the_grid_that_was_scanned(string stack)
    {
        var source = Named(stack);
        var grid = new OrthogonalGrid(source);
        var image = new CtVolume(source, source.Draw(p => (short)Math.Round(Hu(p))));
        var compared = 0;
        for (var k = 0; k < grid.Geometry.SliceCount; k++)
        {
            var slice = new short[grid.Geometry.Rows * grid.Geometry.Columns];
            grid.Interpolate(image, k, slice);
            for (var i = 0; i < slice.Length; i++)
            {
                var point = grid.Geometry.ToLpsMm(i % grid.Geometry.Columns, i / grid.Geometry.Columns, k);
                if (IsInside(source, point, marginPixels: 0))
                {
                    Assert.InRange(slice[i] - Hu(point), -1, 1);
                    compared++;
                }
                else if (!IsInside(source, point, marginPixels: -1))
                {
                    Assert.Equal(-1024, slice[i]);
                }
            }
        }

        Assert.InRange(compared, 0.8 * source.VoxelCount, double.MaxValue);
    }

    [Theory]
    [MemberData(nameof(GridNames))]
    public void The_grid_is_right_angled_and_even_and_reaches_as_far_as_the_scan(string stack)
    {
        var source = Named(stack);
        var grid = new OrthogonalGrid(source).Geometry;

        Assert.False(NiftiWriter.IsOrthogonal(source));
        Assert.True(NiftiWriter.IsOrthogonal(grid));
        Assert.Equal(source.PositionAlongNormalMm(0), grid.PositionAlongNormalMm(0), 1e-9);
        Assert.Equal(source.PositionAlongNormalMm(source.SliceCount - 1), grid.PositionAlongNormalMm(grid.SliceCount - 1), 1e-9);
        Assert.All(Enumerable.Range(0, source.SliceCount), k =>
        {
            foreach (var (column, row) in new[] { (0, 0), (source.Columns - 1, source.Rows - 1) })
            {
                var offset = source.ToLpsMm(column, row, k) - grid.Slices[0].OriginLpsMm;
                Assert.InRange(offset.Dot(grid.RowDirection) / grid.ColumnSpacingMm, -0.01, grid.Columns - 0.99);
                Assert.InRange(offset.Dot(grid.ColumnDirection) / grid.RowSpacingMm, -0.01, grid.Rows - 0.99);
            }
        });
    }

    [Fact]
    public void An_even_stack_keeps_its_slices_and_an_uneven_one_gets_its_closest_regular_spacing()
    {
        Assert.Equal(TiltedStack.SliceCount, new OrthogonalGrid(TiltedStack).Geometry.SliceCount);
        Assert.Equal(TiltedStack.MeanSliceSpacingMm, new OrthogonalGrid(TiltedStack).Geometry.MeanSliceSpacingMm, 1e-9);

        // 2.6 mm, once, is an overlap where the parts meet; 4 mm is the spacing of the finer part.
        Assert.InRange(new OrthogonalGrid(UnevenStack).Geometry.MeanSliceSpacingMm, 3.9, 4);
    }

    [Theory]
    [InlineData("tilted", 0.01)]
    [InlineData("uneven", 0.1)]
    [InlineData("tilted and uneven", 0.1)]
    public void A_mask_keeps_its_place_and_its_volume_to_a_hundredth_or_of_an_uneven_stack_to_a_tenth(string stack, double tolerance)
    {
        var source = stack == "tilted"
            ? Stacks.Tilted(columns: 120, rows: 140, slices: 30, degrees: 18.5, spacingMm: 0.5, tableStepMm: 2.5)
            : Named(stack, columns: 120, rows: 140);
        var centre = source.CentreLpsMm();
        var mask = source.DrawMask(p => p.InEllipsoid(centre, 20, 18, 16) ? HemorrhageType.Sdh : null);
        var grid = new OrthogonalGrid(source);
        var (ml, sum, count) = (0.0, default(Vector3D), 0);
        for (var k = 0; k < grid.Geometry.SliceCount; k++)
        {
            var slice = new byte[grid.Geometry.Rows * grid.Geometry.Columns];
            grid.TakeNearest(mask, k, slice);
            Assert.All(slice.Distinct(), label => Assert.Contains(label, (byte[])[0, 3]));
            for (var i = 0; i < slice.Length; i++)
            {
                if (slice[i] != 0)
                {
                    ml += grid.Geometry.PixelAreaMm2 * grid.Geometry.MeanSliceSpacingMm / 1000;
                    sum += grid.Geometry.ToLpsMm(i % grid.Geometry.Columns, i / grid.Geometry.Columns, k);
                    count++;
                }
            }
        }

        // By true extents; a slice of 7 mm is cut into whole slices of the finer grid.
        var scannedMl = Enumerable.Range(0, (int)source.VoxelCount)
            .Where(i => mask.Labels[i] != 0)
            .Sum(i => source.PixelAreaMm2 * source.SliceExtentMm(i / (source.Columns * source.Rows)) / 1000);
        Assert.InRange(ml / scannedMl, 1 - tolerance, 1 + tolerance);
        Assert.InRange(((sum * (1.0 / count)) - centre).Length, 0, 1);
    }

    [Fact]
    public void Nibabel_finds_the_resampled_files_right_angled_and_the_blood_at_its_place()
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        using var folder = new TemporaryFolder();
        var centre = TiltedStack.CentreLpsMm();
        var blood = TiltedStack.Draw(p => (p - centre).Length < 6 ? (short)1000 : (short)0);
        using (var image = File.Create(folder["image.nii.gz"]))
        {
            NiftiWriter.WriteOrthogonalImage(new CtVolume(TiltedStack, blood), image);
        }

        using (var mask = File.Create(folder["mask.nii.gz"]))
        {
            NiftiWriter.WriteOrthogonalMask(TiltedStack.DrawMask(p => (p - centre).Length < 6 ? HemorrhageType.Ich : null), mask);
        }

        ExternalTools.Python(
            """
            import nibabel, numpy, sys
            image, mask = nibabel.load(sys.argv[1]), nibabel.load(sys.argv[2])
            centre = numpy.array(sys.argv[3].split(), float) * [-1, -1, 1]
            for n in (image, mask):
                assert n.header['qform_code'] == 1 and n.header['sform_code'] == 1 and b'resampled' in n.header['descrip'].item()
                numpy.testing.assert_allclose(n.get_qform(), n.get_sform(), atol=2e-3)
                axes = n.affine[:3, :3] / nibabel.affines.voxel_sizes(n.affine)
                numpy.testing.assert_allclose(axes.T @ axes, numpy.eye(3), atol=1e-5)
            numpy.testing.assert_array_equal(image.affine, mask.affine)
            assert image.shape == mask.shape
            for values in (numpy.clip(numpy.asarray(image.dataobj), 0, None), numpy.asarray(mask.dataobj)):
                at = nibabel.affines.apply_affine(image.affine, numpy.argwhere(values > 0))
                found = numpy.average(at, axis=0, weights=values[values > 0])
                numpy.testing.assert_allclose(found, centre, atol=0.5)
            """,
            folder["image.nii.gz"],
            folder["mask.nii.gz"],
            string.Create(CultureInfo.InvariantCulture, $"{centre.X} {centre.Y} {centre.Z}"));
    }

    private static double Hu(Vector3D p) => (3 * p.X) - (5 * p.Y) + (7 * p.Z);

    /// <summary>Between pixel centres of the two slices around the point.</summary>
    private static bool IsInside(VolumeGeometry source, Vector3D point, double marginPixels)
    {
        var position = point.Dot(source.Normal);
        for (var k = 0; k < source.SliceCount - 1; k++)
        {
            if (position >= source.PositionAlongNormalMm(k) - 1e-6 && position <= source.PositionAlongNormalMm(k + 1) + 1e-6)
            {
                var (below, above) = (InPlane(k), InPlane(k + 1));
                return marginPixels < 0 ? below || above : below && above;
            }
        }

        return false;

        bool InPlane(int slice)
        {
            var offset = point - source.Slices[slice].OriginLpsMm;
            var (x, y) = (offset.Dot(source.RowDirection) / source.ColumnSpacingMm, offset.Dot(source.ColumnDirection) / source.RowSpacingMm);
            return x >= marginPixels && y >= marginPixels && x <= source.Columns - 1 - marginPixels && y <= source.Rows - 1 - marginPixels;
        }
    }

    private static VolumeGeometry Named(string stack, int? columns = null, int? rows = null)
    {
        var source = stack switch
        {
            "tilted" => TiltedStack,
            "uneven" => UnevenStack,
            _ => TiltedUnevenStack,
        };
        return new VolumeGeometry(
            columns ?? source.Columns, rows ?? source.Rows, source.RowDirection, source.ColumnDirection, source.RowSpacingMm, source.ColumnSpacingMm, source.Slices);
    }
}
