using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class LesionQuantifierTests
{
    private const double Tilt = 18.5;

    public static TheoryData<string> Geometries => ["axial", "feet first", "tilted", "coronal", "sagittal", "flipped rows", "flipped columns", "oblique"];

    [Theory]
    [MemberData(nameof(Geometries))]
    public void An_ellipsoid_has_its_analytic_volume_and_centre_in_every_orientation(string name)
    {
        var geometry = Geometry(name);
        var centre = geometry.CentreLpsMm() + new Vector3D(3.3, -2.1, 1.7);
        var mask = geometry.DrawMask(p => p.InEllipsoid(centre, 22, 17, 25) ? HemorrhageType.Ich : null);

        var quantities = LesionQuantifier.Measure(geometry.Water(), mask);

        var lesion = Assert.Single(quantities.Lesions);
        var expected = Stacks.EllipsoidMl(22, 17, 25);
        Assert.InRange(lesion.VolumeMl / expected, 0.99, 1.01);
        Assert.InRange((lesion.CentroidLpsMm - centre).Length, 0, 0.15);
        Assert.Equal(lesion.VolumeMl, quantities.TotalVolumeMl, 1e-9);
        Assert.False(lesion.TouchesBorder);
    }

    [Fact]
    public void A_tilted_stack_of_given_table_step_counts_the_distance_along_the_normal()
    {
        var geometry = Stacks.Tilted(columns: 10, rows: 10, slices: 4, Tilt, spacingMm: 0.5, tableStepMm: 5);
        var mask = geometry.MaskOf((5, 5, 1, HemorrhageType.Sdh), (5, 5, 2, HemorrhageType.Sdh));

        var volume = LesionQuantifier.Measure(geometry.Water(), mask).TotalVolumeMl;

        Assert.Equal(2 * 0.5 * 0.5 * 5 * Math.Cos(Tilt * Math.PI / 180) / 1000, volume, 1e-12);
    }

    [Fact]
    public void Uneven_spacing_gives_each_slice_half_the_distance_to_each_neighbour()
    {
        var geometry = Stacks.AxialAt(columns: 4, rows: 4, spacingMm: 1, thicknessMm: 4, 0, 2, 5, 12);
        var inSlice = (int slice) => LesionQuantifier.Measure(geometry.Water(), geometry.MaskOf((1, 1, slice, HemorrhageType.Ich)));

        Assert.Equal([0.002, 0.0025, 0.005, 0.007], Enumerable.Range(0, 4).Select(k => Math.Round(inSlice(k).TotalVolumeMl, 12)));
        Assert.All(Enumerable.Range(0, 4), k => Assert.Equal(0.004, inSlice(k).TotalVolumeByThicknessMl, 1e-12));
    }

    [Fact]
    public void A_block_across_uneven_slices_has_its_analytic_volume()
    {
        // 20 × 10 mm over slices whose extents run from 11.5 to 28.5 mm.
        var geometry = Stacks.AxialAt(columns: 40, rows: 40, spacingMm: 1, thicknessMm: 3, 0, 5, 10, 13, 16, 21, 26, 31, 36);
        var mask = geometry.DrawMask(p => p.X is > 9.5 and < 29.5 && p.Y is > 9.5 and < 19.5 && p.Z is > 11.5 and < 28.5 ? HemorrhageType.Edh : null);

        var edh = LesionQuantifier.Measure(geometry.Water(), mask).Volumes[1];

        Assert.Equal(HemorrhageType.Edh, edh.Type);
        Assert.Equal(20 * 10 * 17 / 1000.0, edh.VolumeMl, 1e-9);
        Assert.Equal(20 * 10 * 4 * 3 / 1000.0, edh.VolumeByThicknessMl, 1e-9);
    }

    [Fact]
    public void Volumes_are_apart_by_type_and_add_up()
    {
        var geometry = Stacks.Axial(60, 60, 30, spacingMm: 1, sliceSpacingMm: 2);
        var mask = geometry.DrawMask(p => p.Z is < 10 or > 50 ? null : p.X < 10 ? HemorrhageType.Ich : p.X < 30 ? HemorrhageType.Edh : p.X > 50 ? HemorrhageType.Sdh : null);

        var quantities = LesionQuantifier.Measure(geometry.Water(), mask);

        Assert.Equal([HemorrhageType.Ich, HemorrhageType.Edh, HemorrhageType.Sdh], quantities.Volumes.Select(v => v.Type));
        Assert.Equal([10 * 60 * 42 / 1000.0, 20 * 60 * 42 / 1000.0, 9 * 60 * 42 / 1000.0], quantities.Volumes.Select(v => Math.Round(v.VolumeMl, 9)));
        Assert.Equal(39 * 60 * 42 / 1000.0, quantities.TotalVolumeMl, 1e-9);
        Assert.Equal([1, 1, 1], quantities.Volumes.Select(v => v.LesionCount));
    }

    [Fact]
    public void No_hemorrhage_is_three_zeros()
    {
        var geometry = Stacks.Axial(4, 4, 2);

        var quantities = LesionQuantifier.Measure(geometry.Water(), geometry.MaskOf());

        Assert.Empty(quantities.Lesions);
        Assert.Equal([0.0, 0.0, 0.0], quantities.Volumes.Select(v => v.VolumeMl));
        Assert.Equal(0.0, quantities.TotalVolumeMl);
    }

    [Fact]
    public void Lesions_are_numbered_from_the_largest_down()
    {
        var geometry = Stacks.Axial(20, 5, 3);
        var mask = geometry.MaskOf(
            (2, 2, 1, HemorrhageType.Sdh),
            (6, 2, 1, HemorrhageType.Ich), (7, 2, 1, HemorrhageType.Ich), (8, 2, 1, HemorrhageType.Ich),
            (12, 2, 1, HemorrhageType.Edh), (13, 2, 1, HemorrhageType.Edh));

        var lesions = LesionQuantifier.Measure(geometry.Water(), mask).Lesions;

        Assert.Equal([(1, HemorrhageType.Ich), (2, HemorrhageType.Edh), (3, HemorrhageType.Sdh)], lesions.Select(l => (l.Id, l.Type)));
    }

    [Fact]
    public void Mean_and_SD_of_HU_are_over_the_lesion_only()
    {
        var geometry = Stacks.Axial(8, 8, 3);
        var image = new CtVolume(geometry, [.. Enumerable.Repeat((short)-1000, 8 * 8 * 3)]);
        var mask = geometry.MaskOf((3, 3, 1, HemorrhageType.Ich), (4, 3, 1, HemorrhageType.Ich), (5, 3, 1, HemorrhageType.Ich), (5, 4, 1, HemorrhageType.Ich));
        (image.Hounsfield[91], image.Hounsfield[92], image.Hounsfield[93], image.Hounsfield[101]) = (50, 60, 70, 80);

        var lesion = Assert.Single(LesionQuantifier.Measure(image, mask).Lesions);

        Assert.Equal(65, lesion.Hu.Mean, 1e-9);
        Assert.Equal(Math.Sqrt(125), lesion.Hu.Sd, 1e-9);
        Assert.Equal(new VoxelBox(3, 3, 1, 5, 4, 1), lesion.BoundingBox);
    }

    [Fact]
    public void Thick_slices_weigh_more_in_centroid_and_mean_HU()
    {
        var geometry = Stacks.AxialAt(columns: 3, rows: 3, spacingMm: 1, thicknessMm: 5, 0, 2, 4, 12, 20);
        var image = geometry.Water();
        (image.Hounsfield[(1 * 9) + 4], image.Hounsfield[(2 * 9) + 4], image.Hounsfield[(3 * 9) + 4]) = (40, 60, 90);
        var mask = geometry.MaskOf((1, 1, 1, HemorrhageType.Ich), (1, 1, 2, HemorrhageType.Ich), (1, 1, 3, HemorrhageType.Ich));

        var lesion = Assert.Single(LesionQuantifier.Measure(image, mask).Lesions);

        // Extents 2, 5 and 8 mm.
        Assert.Equal(((2 * 40) + (5 * 60) + (8 * 90)) / 15.0, lesion.Hu.Mean, 1e-9);
        Assert.Equal(((2 * 2) + (5 * 4) + (8 * 12)) / 15.0, lesion.CentroidLpsMm.Z, 1e-9);
    }

    [Theory]
    [InlineData(0, 2, 2, true)]
    [InlineData(5, 2, 2, true)]
    [InlineData(2, 0, 2, true)]
    [InlineData(2, 5, 2, true)]
    [InlineData(2, 2, 0, true)]
    [InlineData(2, 2, 5, true)]
    [InlineData(1, 4, 1, false)]
    public void A_lesion_at_the_edge_of_the_scan_is_marked(int column, int row, int slice, bool touches)
    {
        var geometry = Stacks.Axial(6, 6, 6);

        var lesion = Assert.Single(LesionQuantifier.Measure(geometry.Water(), geometry.MaskOf((column, row, slice, HemorrhageType.Ich))).Lesions);

        Assert.Equal(touches, lesion.TouchesBorder);
    }

    [Fact]
    public void A_mask_of_another_geometry_is_refused() =>
        Assert.Throws<ArgumentException>(() => LesionQuantifier.Measure(Stacks.Axial(4, 4, 2).Water(), Stacks.Axial(4, 4, 2).MaskOf()));

    private static VolumeGeometry Geometry(string name)
    {
        var (left, posterior, superior) = (Stacks.Left, Stacks.Posterior, Stacks.Superior);
        var slope = Math.Cos(0.4);
        return name switch
        {
            "axial" => Stacks.Even(80, 90, 45, left, posterior, superior * 1.5, 0.8, 0.9),
            "feet first" => Stacks.Even(80, 90, 45, left.Opposite(), posterior, superior * -1.5, 0.8, 0.9),
            "tilted" => Stacks.Tilted(90, 90, 45, Tilt, 0.8, 1.5),
            "coronal" => Stacks.Even(80, 90, 45, left, superior.Opposite(), posterior * 1.5, 0.8, 0.9),
            "sagittal" => Stacks.Even(80, 90, 45, posterior, superior.Opposite(), left * -1.5, 0.8, 0.9),
            "flipped rows" => Stacks.Even(80, 90, 45, left, posterior.Opposite(), superior * -1.5, 0.8, 0.9),
            "flipped columns" => Stacks.Even(80, 90, 45, left.Opposite(), posterior, superior * -1.5, 0.8, 0.9),
            "oblique" => Stacks.Even(
                80, 90, 45,
                new Vector3D(slope, Math.Sin(0.4), 0),
                new Vector3D(-Math.Sin(0.4), slope, 0),
                superior * 1.5, 0.8, 0.9, origin: new Vector3D(-120, 30, 400)),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }
}
