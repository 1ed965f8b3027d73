using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Parts of a head: measured, and never silently.</summary>
public class HeadCoverageTests
{
    [Fact]
    public void Each_half_of_a_head_in_two_uploads_says_what_it_lacks()
    {
        var head = Numbered();

        var lower = CtHeaders.Plan(head[..15]).Warnings;
        var upper = CtHeaders.Plan(head[15..]).Warnings;

        Assert.Contains("cover 75.0 mm", Assert.Single(lower, w => w.Code == WarningCodes.Incomplete).Detail, StringComparison.Ordinal);
        Assert.Equal(2, upper.Count(w => w.Code == WarningCodes.Incomplete));
        Assert.Contains(upper, w => w.Detail.Contains("not in the upload: 1 to 15.", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_head_in_two_series_one_is_measured_and_said_to_go_on_in_the_other()
    {
        DicomInstance[] split = [.. CtHeaders.Stack(15), .. Enumerable.Range(15, 16).Select(k => CtHeaders.Slice(5 * k, "1.2"))];

        foreach (var series in (string[])["1.1", "1.2"])
        {
            var warnings = SeriesCatalogue.Plan(split, series).Value.Warnings;
            Assert.Contains(warnings, w => w.Code == WarningCodes.Incomplete && w.Detail.Contains("goes on where this one ends", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("overlapping")]
    [InlineData("far away")]
    [InlineData("another frame of reference")]
    [InlineData("another orientation")]
    public void A_series_that_does_not_continue_the_head_is_not_said_to(string kind)
    {
        var other = Enumerable.Range(kind switch { "overlapping" => 10, "far away" => 40, _ => 30 }, 12).Select(k => CtHeaders.Slice(5 * k, "1.2") with
        {
            FrameOfReferenceUid = kind == "another frame of reference" ? "1.8" : "1.9",
            ColumnDirection = kind == "another orientation" ? new(0, Math.Cos(0.2), -Math.Sin(0.2)) : new(0, 1, 0),
        });

        Assert.DoesNotContain(WarningCodes.Incomplete, SeriesCatalogue.Plan([.. CtHeaders.Stack(), .. other], "1.1").Value.Codes());
    }

    [Fact]
    public void Numbers_that_do_not_count_images_say_nothing()
    {
        var sparse = Numbered().Each(i => i with { InstanceNumber = 100 * i.InstanceNumber });
        var repeated = Numbered().Each(i => i with { InstanceNumber = 7 });
        var absent = Numbered().Each(i => i with { InstanceNumber = null });

        Assert.All(new[] { sparse, repeated, absent, Numbered() }, series => Assert.Empty(CtHeaders.Plan(series).Warnings));
    }

    private static DicomInstance[] Numbered() => [.. CtHeaders.Stack().Select((i, k) => i with { InstanceNumber = k + 1 })];
}
