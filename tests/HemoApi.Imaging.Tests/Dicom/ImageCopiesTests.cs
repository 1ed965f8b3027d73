using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Images that lie at one place, in files.</summary>
public class ImageCopiesTests
{
    private static readonly byte[] Pixels = CtImage.Pattern(12 * 10 * 2, 5);

    [Theory]
    [InlineData("another name")]
    [InlineData("another UID")]
    [InlineData("RLE")]
    public void Identical_pixels_at_one_place_are_dropped_with_a_warning(string copy)
    {
        var plan = Plan(Slice(15) with { Index = copy == "another UID" ? 40 : 15 }, copy == "RLE" ? TransferSyntax.RleLossless : null).Value;

        Assert.Equal(30, plan.Slices.Count);
        Assert.Contains(plan.Warnings, w => w.Code == WarningCodes.FilesSkipped && w.Detail.Contains("1 of 31 images are repeated copies", StringComparison.Ordinal));
    }

    [Fact]
    public void Different_pixels_at_one_place_are_refused_even_under_one_SOP_Instance_UID()
    {
        byte[] other = [.. Pixels];
        other[101] ^= 1;

        var fault = Plan(Slice(15) with { Pixels = other }).Fault;

        Assert.Equal(FaultCodes.GeometryDuplicatePosition, fault?.Code);
        Assert.Contains("z = 75.0 mm", fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rescale")]
    [InlineData("thickness")]
    public void The_same_stored_pixels_of_another_meaning_are_no_copy(string difference)
    {
        var other = Slice(15) with { Index = 40, Intercept = difference == "rescale" ? -1000 : -1024, ThicknessMm = difference == "thickness" ? 2.5 : 5 };

        Assert.Equal(FaultCodes.GeometryDuplicatePosition, Plan(other).Code());
    }

    [Fact]
    public void A_copy_of_a_compressed_file_is_dropped_and_another_compression_of_it_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.dcm"], Slice(15).File());
        ExternalTools.Run("dcmcjpeg", "+e1", folder["a.dcm"], folder["b.dcm"]);
        var compressed = File.ReadAllBytes(folder["b.dcm"]);

        Assert.Equal("none", Plan(Files().Select((f, k) => k == 15 ? compressed : f).Append(compressed)).Code());
        Assert.Equal(FaultCodes.GeometryDuplicatePosition, Plan(Files().Append(compressed)).Code());
    }

    [Fact]
    public void A_multi_frame_file_that_is_there_twice_is_read_once()
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "");
        var file = File.ReadAllBytes(folder["a.dcm"]);
        byte[] other = [.. file];
        other[^1] ^= 1;

        Assert.Equal(10, Plan([file, file]).Value.Slices.Count);
        Assert.Equal(FaultCodes.GeometryDuplicatePosition, Plan([file, other]).Code());
    }

    [Fact]
    public void Only_files_that_share_a_place_are_opened_to_be_compared()
    {
        var opened = new List<string>();
        var files = Files().Append(Slice(15).File()).ToArray();

        Plan(files, opened.Add);

        Assert.Equal(["015", "030"], opened.Order());
    }

    private static CtImage Slice(int k) => new() { Index = k, Position = new(-100, -120.5, 5 * k), Pixels = Pixels };

    private static IEnumerable<byte[]> Files() => Enumerable.Range(0, 30).Select(k => Slice(k).File());

    private static Outcome<SeriesPlan> Plan(CtImage duplicate, TransferSyntax? syntax = null) => Plan(Files().Append(duplicate.File(syntax?.Uid)));

    private static Outcome<SeriesPlan> Plan(IEnumerable<byte[]> content, Action<string>? opened = null)
    {
        var files = content.ToArray();
        var instances = files.Select((f, k) => DicomReading.CheckedHeader(f).Value with { FileName = $"{k:000}" }).ToArray();
        return SeriesCatalogue.Plan(
            [.. instances.Select(i => i with { Frames = [.. i.Frames.Select(frame => frame with { FileName = i.FileName })] })],
            null,
            pixels: new PixelFingerprints(name =>
            {
                opened?.Invoke(name);
                return new ForwardOnlyStream(files[int.Parse(name)]);
            }));
    }
}
