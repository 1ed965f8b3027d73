using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Enhanced and legacy converted CT, whose frames are slices, against pydicom.</summary>
public class MultiFrameTests
{
    [Theory]
    [InlineData("")]
    [InlineData("signed16")]
    [InlineData("legacy")]
    [InlineData("implicit")]
    [InlineData("big signed16")]
    [InlineData("deflated")]
    [InlineData("undefined")]
    [InlineData("undefined implicit")]
    [InlineData("unknown")]
    [InlineData("rle")]
    [InlineData("rle bot")]
    [InlineData("rle eot signed16")]
    public void Frames_have_the_values_and_places_that_pydicom_reads(string options)
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], options);
        var (positions, hounsfield) = MultiFrameCt.ReadWithPydicom(folder, folder["a.dcm"]);

        var volume = DicomReading.Volume(File.ReadAllBytes(folder["a.dcm"])).Value;

        Assert.Equal(positions, volume.Geometry.Slices.Select(s => s.OriginLpsMm));
        Assert.Equal(hounsfield, volume.Hounsfield);
        Assert.Equal((0.5, 0.25, 5), (volume.Geometry.RowSpacingMm, volume.Geometry.ColumnSpacingMm, volume.Geometry.Slices[0].ThicknessMm));
    }

    [Theory]
    [InlineData("dcmcjpeg", "+e1")]
    [InlineData("dcmcjpeg", "+e1 -ot")]
    [InlineData("dcmcjpeg", "+e1 +fs 1")]
    [InlineData("dcmcjpeg", "+e1 +fs 1 -ot")]
    [InlineData("dcmcjpeg", "+el +sv 6 -ot")]
    [InlineData("dcmcjpls", "+el")]
    [InlineData("dcmcjpls", "+el +fs 1 -ot")]
    [InlineData("gdcmconv", "--j2k")]
    [InlineData("gdcmconv", "--jpegls")]
    [InlineData("dcmcrle", "")]
    [InlineData("dcmcrle", "-ot")]
    public void Compressed_frames_are_told_apart_with_and_without_offset_table_and_in_many_fragments(string tool, string options)
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "", frames: 10, rows: 61, columns: 67);
        ExternalTools.Run(tool, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), folder["a.dcm"], folder["b.dcm"]]);
        var compressed = File.ReadAllBytes(folder["b.dcm"]);
        Assert.SkipUnless(TransferSyntax.Find(DicomReading.Header(compressed).Value.TransferSyntaxUid)!.CanDecode, "gdcmconv is not installed");

        var read = DicomReading.Volume(compressed);

        Assert.True(read.Fault is null, read.Fault?.Detail);
        Assert.Equal(MultiFrameCt.ReadWithPydicom(folder, folder["a.dcm"]).Hounsfield, read.Value.Hounsfield);
    }

    [Fact]
    public void Frames_are_decoded_one_at_a_time_whatever_their_number()
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "", frames: 201, rows: 256, columns: 256);
        var file = File.ReadAllBytes(folder["a.dcm"]);
        var plan = SeriesCatalogue.Plan([DicomReading.Header(file).Value], null).Value;
        var before = GC.GetAllocatedBytesForCurrentThread();

        var volume = CtVolumeReader.Read(plan, _ => new ForwardOnlyStream(file), null, TestContext.Current.CancellationToken).Value;

        // The volume itself, the header of each frame once more, and a table for each of 201 rescales.
        var beside = GC.GetAllocatedBytesForCurrentThread() - before - (2L * volume.Hounsfield.Length);
        Assert.InRange(beside, 0, (4 << 20) + (201 * 132_000));
    }

    [Fact]
    public void Pixels_of_8_bits_in_big_endian_words_keep_their_partners_across_frames()
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "big", rows: 5, columns: 3);
        ExternalTools.Python(
            """
            import sys, pydicom, numpy
            d = pydicom.dcmread(sys.argv[1])
            stored = (numpy.arange(150) * 37 % 256).astype('u1')
            d.BitsAllocated, d.BitsStored, d.HighBit = 8, 8, 7
            d.PixelData, d['PixelData'].VR = stored.reshape(-1, 2)[:, ::-1].tobytes(), 'OW'
            d.save_as(sys.argv[1])
            """,
            folder["a.dcm"]);
        var volume = DicomReading.Volume(File.ReadAllBytes(folder["a.dcm"])).Value;

        for (var frame = 0; frame < 10; frame++)
        {
            var place = frame * 7 % 10;
            var expected = Enumerable.Range(15 * frame, 15).Select(i => (short)((i * 37 % 256 * (1 + (place % 2))) - 1024 + place));
            Assert.Equal(expected, volume.Slice(place).ToArray());
        }
    }

    public static TheoryData<string, string?> Kinds => new()
    {
        { "as scanned", null },
        { "localizer", "localizers" },
        { "mip", "derived" },
        { "subtraction", "derived" },
        { "addition", "derived" },
        { "no position", "where they lie" },
        { "electron density", "something else than Hounsfield" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Frames_are_judged_by_their_own_functional_groups(string kind, string? reason)
    {
        var file = CtHeaders.Slice(0) with { SopClassUid = SopClasses.EnhancedCtImageStorage, NumberOfFrames = 30 };
        file = file with
        {
            Frames = CtHeaders.Stack().Each(i => i with
            {
                FileName = file.FileName,
                SopInstanceUid = file.SopInstanceUid,
                SopClassUid = file.SopClassUid,
                NumberOfFrames = 30,
                FrameNumber = 1 + (int)(i.ImagePositionLpsMm!.Value.Z / 5),
                ImageType = kind switch
                {
                    "localizer" => ["ORIGINAL", "PRIMARY", "LOCALIZER", "NONE"],
                    "subtraction" => ["DERIVED", "PRIMARY", "VOLUME", "SUBTRACTION"],
                    "addition" => ["DERIVED", "PRIMARY", "VOLUME", "ADDITION"],
                    _ => ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
                },
                VolumeBasedCalculation = kind == "mip" ? "MAX_IP" : "NONE",
                RescaleType = kind == "electron density" ? "ED" : "HU",
                ImagePositionLpsMm = kind == "no position" ? null : i.ImagePositionLpsMm,
            }),
        };

        var outcome = SeriesCatalogue.Plan([file], null);

        if (reason is null)
        {
            Assert.Equal(Enumerable.Range(1, 30), outcome.Value.Slices.Select(s => s.FrameNumber!.Value));
            Assert.Equal(30, SeriesCatalogue.Group([file])[0].Instances.Count);
            return;
        }

        Assert.Equal(FaultCodes.SeriesNoneEligible, outcome.Code());
        Assert.Contains(reason, outcome.Fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("YES", true)]
    [InlineData("NO", false)]
    [InlineData(null, true)]
    public void A_contrast_agent_counts_unless_the_frames_say_that_it_was_not_given(string? administered, bool expected)
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "");
        ExternalTools.Python(
            """
            import sys, pydicom
            from pydicom.dataset import Dataset
            from pydicom.sequence import Sequence
            d = pydicom.dcmread(sys.argv[1])
            agent, usage = Dataset(), Dataset()
            agent.CodeValue, agent.CodingSchemeDesignator, agent.CodeMeaning = '7140000', 'SCT', 'Iodinated contrast agent'
            d.ContrastBolusAgentSequence = Sequence([agent])
            if sys.argv[2]:
                usage.ContrastBolusAgentNumber, usage.ContrastBolusAgentAdministered = 1, sys.argv[2]
                d.SharedFunctionalGroupsSequence[0].ContrastBolusUsageSequence = Sequence([usage])
            d.save_as(sys.argv[1])
            """,
            folder["a.dcm"],
            administered ?? "");

        var image = DicomReading.Header(File.ReadAllBytes(folder["a.dcm"])).Value;

        Assert.Equal(expected, SeriesCatalogue.Plan([image], null).Value.Codes().Contains(WarningCodes.Contrast));
    }
}
