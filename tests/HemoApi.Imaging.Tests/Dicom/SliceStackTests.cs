using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

public class SliceStackTests
{
    [Fact]
    public void A_regular_stack_plans_without_a_warning()
    {
        var plan = CtHeaders.Plan(CtHeaders.Stack());

        Assert.Empty(plan.Warnings);
        Assert.Equal(0, plan.GantryTiltDegrees);
        Assert.Equal(30, plan.Geometry.SliceCount);
        Assert.Equal(5, plan.Geometry.MeanSliceSpacingMm, 9);
    }

    [Fact]
    public void Slices_are_sorted_along_the_normal_whatever_order_and_names_the_files_have()
    {
        var stack = CtHeaders.Stack().Each(i => i with { FileName = $"{1000 - i.ImagePositionLpsMm!.Value.Z}" });
        new Random(3).Shuffle(stack);

        var z = CtHeaders.Plan(stack).Slices.Select(s => s.ImagePositionLpsMm!.Value.Z);

        Assert.Equal(Enumerable.Range(0, 30).Select(k => 5.0 * k), z);
    }

    [Fact]
    public void A_stack_whose_normal_points_to_the_feet_ascends_towards_the_feet()
    {
        var plan = CtHeaders.Plan(CtHeaders.Stack().Each(i => i with { RowDirection = new(-1, 0, 0) }));

        Assert.Equal(new Vector3D(0, 0, -1), plan.Geometry.Normal);
        Assert.Equal(145, plan.Slices[0].ImagePositionLpsMm!.Value.Z);
        Assert.Empty(plan.Warnings);
    }

    [Theory]
    [InlineData(18.5)]
    [InlineData(-25)]
    public void A_tilted_gantry_is_measured_from_the_positions_and_named(double degrees)
    {
        var radians = degrees * Math.PI / 180;
        var tilted = CtHeaders.Stack().Each(i => i with
        {
            ColumnDirection = new(0, Math.Cos(radians), -Math.Sin(radians)),
            SliceThicknessMm = 5 * Math.Cos(radians),
        });

        var plan = CtHeaders.Plan(tilted);

        Assert.Equal(Math.Abs(degrees), plan.GantryTiltDegrees, 0.01);
        Assert.Equal([WarningCodes.GantryTilt], plan.Codes());
        Assert.Equal(5 * Math.Cos(radians), plan.Geometry.MeanSliceSpacingMm, 9);
    }

    [Fact]
    public void A_head_that_lies_crooked_in_an_upright_gantry_has_no_tilt()
    {
        var radians = 20 * Math.PI / 180;
        var column = new Vector3D(0, Math.Cos(radians), -Math.Sin(radians));
        var normal = new Vector3D(1, 0, 0).Cross(column);
        var plan = CtHeaders.Plan(Enumerable.Range(0, 30).Select(k => CtHeaders.At(normal * (5 * k)) with { ColumnDirection = column }));

        Assert.Equal(0, plan.GantryTiltDegrees);
        Assert.Empty(plan.Warnings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(28)]
    public void A_missing_slice_is_refused_with_its_place(int missing)
    {
        var fault = CtHeaders.Refusal(CtHeaders.Stack().Where((_, k) => k != missing));

        Assert.Equal(FaultCodes.GeometryMissingSlice, fault.Code);
        Assert.Contains($"between z = {(missing - 1) * 5}.0 and {(missing + 1) * 5}.0 mm", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_thin_slice_of_an_overlapping_stack_is_refused()
    {
        var overlapping = CtHeaders.Stack(60, 2.5).Each(i => i with { SliceThicknessMm = 5 });

        Assert.Equal([WarningCodes.ThicknessDiffersFromSpacing], CtHeaders.Plan(overlapping).Codes());
        Assert.Equal(FaultCodes.GeometryMissingSlice, CtHeaders.Refusal(overlapping.Where((_, k) => k != 30)).Code);
    }

    [Fact]
    public void A_stack_that_leaves_regular_gaps_is_measured_with_a_warning()
    {
        var spaced = CtHeaders.Stack(15, 10).Each(i => i with { SliceThicknessMm = 5 });
        var plan = CtHeaders.Plan(spaced);

        Assert.Equal([WarningCodes.ThicknessDiffersFromSpacing], plan.Codes());
        Assert.Contains("leave up to 5.0 mm between them unseen", plan.Warnings[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2.5, 5)]
    [InlineData(4, 7)]
    [InlineData(1.25, 10)]
    public void Thin_slices_at_the_base_and_thick_ones_above_are_a_legal_stack(double thin, double thick)
    {
        var plan = CtHeaders.Plan(TwoThicknesses(thin, thick));

        Assert.Equal([WarningCodes.UnevenSpacing], plan.Codes());
        Assert.Equal((thin + thick) / 2, plan.Geometry.GapAfterMm(11), 9);
    }

    [Theory]
    [InlineData(2.5, 5)]
    [InlineData(4, 7)]
    public void A_missing_slice_is_found_in_either_part_of_a_two_thickness_stack(double thin, double thick)
    {
        foreach (var missing in (int[])[3, 10, 13, 20])
        {
            Assert.Equal(FaultCodes.GeometryMissingSlice, CtHeaders.Refusal(TwoThicknesses(thin, thick).Where((_, k) => k != missing)).Code);
        }
    }

    [Theory]
    [InlineData(7.4, null)]
    [InlineData(7.6, FaultCodes.GeometryMissingSlice)]
    public void A_gap_of_up_to_one_and_a_half_steps_is_warned_of_and_a_wider_one_refused(double gapMm, string? code)
    {
        var stack = CtHeaders.Stack().Each(i => i.ImagePositionLpsMm!.Value.Z < 75 ? i : CtHeaders.Slice(i.ImagePositionLpsMm!.Value.Z + gapMm - 5));

        var outcome = SeriesCatalogue.Plan(stack, null);

        Assert.Equal(code ?? "none", outcome.Code());
        if (code is null)
        {
            Assert.Equal([WarningCodes.UnevenSpacing, WarningCodes.ThicknessDiffersFromSpacing], outcome.Value.Codes());
            Assert.Equal((5 + gapMm) / 2, outcome.Value.Geometry.SliceExtentMm(14), 9);
        }
    }

    [Fact]
    public void Slices_that_advance_more_sideways_than_upwards_are_no_stack()
    {
        var fault = CtHeaders.Refusal(Enumerable.Range(0, 30).Select(k => CtHeaders.At(new Vector3D(-120, -130 + (6 * k), 5 * k))));

        Assert.Equal(FaultCodes.GeometryInconsistentOrientation, fault.Code);
        Assert.Contains("50.2°", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Spacing_without_any_rule_is_refused()
    {
        var random = new Random(5);
        var z = 0.0;
        var chaos = Enumerable.Range(0, 30).Select(_ => CtHeaders.Slice(z += 1 + (14 * random.NextDouble())));

        Assert.Equal(FaultCodes.GeometryUnevenSpacing, CtHeaders.Refusal(chaos).Code);
    }

    [Fact]
    public void Two_interleaved_acquisitions_are_refused()
    {
        var both = CtHeaders.Stack().Concat(CtHeaders.Stack().Each(i => CtHeaders.Slice(i.ImagePositionLpsMm!.Value.Z + 0.7, number: 1)));

        Assert.Equal(FaultCodes.GeometryUnevenSpacing, CtHeaders.Refusal(both).Code);
    }

    [Fact]
    public void Different_images_at_one_place_are_refused()
    {
        var fault = CtHeaders.Refusal([.. CtHeaders.Stack(), CtHeaders.Slice(40.01, number: 7)]);

        Assert.Equal(FaultCodes.GeometryDuplicatePosition, fault.Code);
        Assert.Contains("z = 40.01 mm", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_of_an_image_is_dropped_with_a_warning()
    {
        var stack = CtHeaders.Stack();
        var plan = CtHeaders.Plan([.. stack, stack[4] with { FileName = "copy" }]);

        Assert.Equal(30, plan.Slices.Count);
        Assert.Equal([WarningCodes.FilesSkipped], plan.Codes());
    }

    [Fact]
    public void One_uid_at_two_positions_is_refused()
    {
        var stack = CtHeaders.Stack();
        stack[3] = stack[3] with { SopInstanceUid = stack[4].SopInstanceUid };

        Assert.Equal(FaultCodes.DicomMalformed, CtHeaders.Refusal(stack).Code);
    }

    public static TheoryData<string> Grids => new("orientation", "matrix", "spacing", "frame");

    [Theory]
    [MemberData(nameof(Grids))]
    public void A_stack_whose_halves_do_not_share_a_grid_is_refused(string difference)
    {
        var stack = CtHeaders.Stack();
        for (var k = 15; k < 30; k++)
        {
            stack[k] = difference switch
            {
                "orientation" => stack[k] with { ColumnDirection = new Vector3D(0, 1, -0.1).Normalized() },
                "matrix" => stack[k] with { Rows = 256 },
                "spacing" => stack[k] with { RowSpacingMm = 0.5 },
                _ => stack[k] with { FrameOfReferenceUid = "1.8" },
            };
        }

        Assert.Equal(FaultCodes.GeometryInconsistentOrientation, CtHeaders.Refusal(stack).Code);
    }

    [Fact]
    public void Slices_that_jump_sideways_are_refused()
    {
        var stack = CtHeaders.Stack();
        for (var k = 15; k < 30; k++)
        {
            stack[k] = stack[k] with { ImagePositionLpsMm = stack[k].ImagePositionLpsMm!.Value + new Vector3D(8, 0, 0) };
        }

        var fault = CtHeaders.Refusal(stack);

        Assert.Equal(FaultCodes.GeometryInconsistentOrientation, fault.Code);
        Assert.Contains("beside the line", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_without_thickness_take_the_usual_distance_and_say_so()
    {
        var plan = CtHeaders.Plan(CtHeaders.Stack(40, 4).Each(i => i with { SliceThicknessMm = null }));

        Assert.All(plan.Geometry.Slices, s => Assert.Equal(4, s.ThicknessMm, 9));
        Assert.Equal([WarningCodes.ThicknessDiffersFromSpacing], plan.Codes());
        Assert.Contains("40 of 40 slices state no thickness", plan.Warnings[0].Detail, StringComparison.Ordinal);
    }

    private static DicomInstance[] TwoThicknesses(double thin, double thick)
    {
        List<DicomInstance> slices = [];
        var z = 0.0;
        for (var k = 0; k < 26; k++)
        {
            var thickness = k < 12 ? thin : thick;
            var last = k <= 12 ? thin : thick;
            z += k == 0 ? 0 : (last + thickness) / 2;
            slices.Add(CtHeaders.Slice(z) with { SliceThicknessMm = thickness });
        }

        return [.. slices];
    }
}
