using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

public class StackSeparationTests
{
    [Fact]
    public void A_head_scanned_twice_in_one_series_is_measured_once()
    {
        // The second scan lies between the slices of the first, as after a move of the table.
        var first = CtHeaders.Stack().Each(i => i with { AcquisitionNumber = 1 });
        var second = Shifted(0.7).Each(i => i with { AcquisitionNumber = 2 });

        var plan = CtHeaders.Plan([.. first, .. second]);

        Assert.All(plan.Slices, slice => Assert.Equal(2, slice.AcquisitionNumber));
        Assert.Equal(30, plan.Slices.Count);
        Assert.Contains(plan.Warnings, w => w.Code == WarningCodes.FilesSkipped && w.Detail.Contains("30 images are left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_scan_before_and_one_with_contrast_the_first_is_measured()
    {
        var before = CtHeaders.Stack().Each(i => i with { AcquisitionNumber = 1 });
        var with = Shifted(0).Each(i => i with { AcquisitionNumber = 2, HasContrastAgent = true });

        var plan = CtHeaders.Plan([.. with, .. before]);

        Assert.All(plan.Slices, slice => Assert.Equal(1, slice.AcquisitionNumber));
        Assert.DoesNotContain(WarningCodes.Contrast, plan.Codes());
    }

    [Fact]
    public void Of_scans_over_time_the_first_is_measured()
    {
        var times = Enumerable.Range(1, 4).SelectMany(time => Shifted(0).Each(i => i with { TemporalPosition = time, SopInstanceUid = $"1.{time}.{i.ImagePositionLpsMm!.Value.Z}" }));

        var plan = CtHeaders.Plan(times);

        Assert.All(plan.Slices, slice => Assert.Equal(1, slice.TemporalPosition));
        Assert.Contains(plan.Warnings, w => w.Code == WarningCodes.FilesSkipped && w.Detail.Contains("4 temporal positions", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_two_kernels_in_one_series_the_soft_tissue_one_is_measured()
    {
        var bone = Shifted(0).Each(i => i with { ConvolutionKernel = "BONE" });

        var plan = CtHeaders.Plan([.. bone, .. CtHeaders.Stack()]);

        Assert.All(plan.Slices, slice => Assert.Equal("STANDARD", slice.ConvolutionKernel));
        Assert.DoesNotContain(WarningCodes.BoneKernel, plan.Codes());
    }

    [Fact]
    public void Half_a_head_is_never_taken_for_a_scan_of_its_own()
    {
        var stack = CtHeaders.Stack();
        var twoBlocks = stack.Select((slice, k) => slice with { AcquisitionNumber = k < 15 ? 1 : 2 }).Where((_, k) => k != 7);

        Assert.Equal(FaultCodes.GeometryMissingSlice, CtHeaders.Refusal(twoBlocks).Code);
    }

    private static DicomInstance[] Shifted(double mm) => CtHeaders.Stack().Each(i => CtHeaders.Slice(i.ImagePositionLpsMm!.Value.Z + mm, number: 1));
}
