using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class Abc2EstimateTests
{
    public static TheoryData<int> Draws => [.. Enumerable.Range(1, 30)];

    /// <summary>Axes, rotation within the plane, pixels (not square), slices (not even) and tilt are drawn; the sections of an ellipsoid
    /// by the planes of the slices are ellipses in closed form, so Kothari's A, B and C are known.</summary>
    [Theory]
    [MemberData(nameof(Draws))]
    public void An_ellipsoid_in_any_rotation_spacing_and_tilt_has_its_A_B_and_C_to_one_percent(int seed)
    {
        var random = new Random(seed);
        double Between(double low, double high) => low + (random.NextDouble() * (high - low));
        var (geometry, radii, sections) = Draw();
        while (sections.Any(s => Math.Abs(s.Share - 0.75) < 0.01 || Math.Abs(s.Share - 0.25) < 0.01))
        {
            // A slice at one of Kothari's limits would count by the rounding of its pixels.
            (geometry, radii, sections) = Draw();
        }

        var largest = sections.MaxBy(s => s.Share)!;
        var c = sections.Sum(s => s.Share > 0.75 ? s.ExtentMm : s.Share >= 0.25 ? s.ExtentMm / 2 : 0);

        var estimate = Assert.Single(LesionQuantifier.Measure(geometry.Water(), geometry.DrawMask(p => radii.Holds(p) ? HemorrhageType.Ich : null)).Lesions).Abc2!;

        Assert.InRange(estimate.AMm / largest.AMm, 0.99, 1.01);
        Assert.InRange(estimate.BMm / largest.BMm, 0.99, 1.01);
        Assert.Equal(c, estimate.CMm, 1e-9);
        Assert.InRange(estimate.VolumeMl / (largest.AMm * largest.BMm * c / 2000), 0.99, 1.01);

        (VolumeGeometry, EllipsoidInSpace, List<Section>) Draw()
        {
            var tilt = Between(-25, 25) * Math.PI / 180;
            var column = new Vector3D(0, Math.Cos(tilt), -Math.Sin(tilt));
            var (width, height) = (Between(0.35, 0.6), Between(0.35, 0.6));
            var positions = new List<double> { 0 };
            var step = Between(1, 5);
            while (positions[^1] < 75)
            {
                positions.Add(positions[^1] + (step * Between(0.8, 1.2)));
            }

            var stack = new VolumeGeometry(200, 200, Stacks.Left, column, height, width, [.. positions.Select(z => new SlicePlane(new(0, 0, z), step))]);
            var centre = stack.CentreLpsMm() + new Vector3D(Between(-1, 1), Between(-1, 1), Between(-2, 2));
            var ellipsoid = new EllipsoidInSpace(centre, Between(18, 30), Between(11, 17), Between(14, 28), Between(0, Math.PI));
            var cuts = Enumerable.Range(0, stack.SliceCount).Select(k => ellipsoid.Cut(stack, k)).Where(s => s.Share > 0).ToList();
            var share = cuts.Max(s => s.Share);
            return (stack, ellipsoid, [.. cuts.Select(s => s with { Share = s.Share / share })]);
        }
    }

    [Fact]
    public void Slices_count_whole_half_or_not_by_their_share_of_the_largest_area()
    {
        // Blocks of 20 × 20, 16 × 16 (64 %), 18 × 18 (81 %), 10 × 10 (25 %) and 9 × 9 (20 %) on slices with extents of 5, 5, 6, 7, 7 mm.
        var geometry = Stacks.AxialAt(columns: 40, rows: 40, spacingMm: 1, thicknessMm: 5, 0, 5, 10, 17, 24);
        int[] sides = [20, 16, 18, 10, 9];
        var mask = geometry.MaskOf([.. sides.SelectMany((side, slice) =>
            Enumerable.Range(0, side * side).Select(i => (5 + (i % side), 5 + (i / side), slice, HemorrhageType.Ich)))]);

        var estimate = Assert.Single(LesionQuantifier.Measure(geometry.Water(), mask).Lesions).Abc2!;

        Assert.Equal(geometry.SliceExtentMm(0) + (geometry.SliceExtentMm(1) / 2) + geometry.SliceExtentMm(2) + (geometry.SliceExtentMm(3) / 2), estimate.CMm, 1e-9);
    }

    [Fact]
    public void It_is_not_offered_for_extra_axial_blood()
    {
        var geometry = Stacks.Axial(8, 8, 3);
        var mask = geometry.MaskOf((2, 2, 1, HemorrhageType.Edh), (5, 5, 1, HemorrhageType.Sdh), (2, 6, 1, HemorrhageType.Ich));

        var lesions = LesionQuantifier.Measure(geometry.Water(), mask).Lesions;

        Assert.All(lesions, lesion => Assert.Equal(lesion.Type == HemorrhageType.Ich, lesion.Abc2 is not null));
    }

    [Fact]
    public void The_whole_is_the_sum_over_its_lesions_and_exists_for_intracerebral_blood_only()
    {
        var geometry = Stacks.Axial(60, 40, 12, spacingMm: 1, sliceSpacingMm: 2);
        var mask = geometry.DrawMask(p =>
            p.InEllipsoid(new(15, 20, 11), 9, 7, 8) || p.InEllipsoid(new(40, 20, 11), 6, 6, 6) ? HemorrhageType.Ich : p.X > 55 ? HemorrhageType.Sdh : null);

        var quantities = LesionQuantifier.Measure(geometry.Water(), mask);

        var each = quantities.Lesions.Where(l => l.Type == HemorrhageType.Ich).Select(l => l.Abc2!.VolumeMl).ToList();
        Assert.Equal(2, each.Count);
        Assert.Equal([each.Sum(), null, null], quantities.Volumes.Select(v => v.Abc2VolumeMl));
    }

    [Fact]
    public void The_perpendicular_diameter_stays_inside_of_the_lesion()
    {
        // A bar of 30 × 3 with a knob of 3 × 9 at its middle: the knob's column is the longest line across.
        var geometry = Stacks.Axial(50, 50, 1);
        var mask = geometry.DrawMask(p => (p.X is >= 10 and <= 39 && p.Y is >= 20 and <= 22) || (p.X is >= 24 and <= 26 && p.Y is >= 20 and <= 28)
            ? HemorrhageType.Ich : null);

        var estimate = Assert.Single(LesionQuantifier.Measure(geometry.Water(), mask).Lesions).Abc2!;

        Assert.InRange(estimate.AMm, 29, 30.5);
        Assert.InRange(estimate.BMm, 7.5, 9);
    }

    /// <param name="Share">Area over that of the largest section.</param>
    private sealed record Section(double AMm, double BMm, double Share, double ExtentMm);

    /// <summary>Half axes a and b turned about the head's axis, c along it.</summary>
    private sealed record EllipsoidInSpace(Vector3D Centre, double A, double B, double C, double Turn)
    {
        private Vector3D Scaled(Vector3D d) => new(
            ((d.X * Math.Cos(Turn)) + (d.Y * Math.Sin(Turn))) / A,
            ((d.Y * Math.Cos(Turn)) - (d.X * Math.Sin(Turn))) / B,
            d.Z / C);

        public bool Holds(Vector3D point) => Scaled(point - Centre).Length <= 1;

        /// <summary>In scaled space the ellipsoid is the unit sphere and the plane a plane: |x·u + y·v + w| ≤ 1 is the section.</summary>
        public Section Cut(VolumeGeometry geometry, int slice)
        {
            var (u, v, w) = (Scaled(geometry.RowDirection), Scaled(geometry.ColumnDirection), Scaled(geometry.Slices[slice].OriginLpsMm - Centre));
            var normal = u.Cross(v).Normalized();
            var left = 1 - Math.Pow(w.Dot(normal), 2);
            var (uu, uv, vv) = (u.Dot(u), u.Dot(v), v.Dot(v));
            var (middle, spread) = ((uu + vv) / 2, Math.Sqrt(Math.Pow((uu - vv) / 2, 2) + (uv * uv)));
            return new(2 * Math.Sqrt(Math.Max(0, left) / (middle - spread)), 2 * Math.Sqrt(Math.Max(0, left) / (middle + spread)), left, geometry.SliceExtentMm(slice));
        }
    }
}
