using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

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

        var volume = Read(File.ReadAllBytes(folder["a.dcm"])).Value;

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

        var read = Read(compressed);

        Assert.True(read.Fault is null, read.Fault?.Detail);
        Assert.Equal(MultiFrameCt.ReadWithPydicom(folder, folder["a.dcm"]).Hounsfield, read.Value.Hounsfield);
    }

    [Fact]
    public void Another_number_of_frames_than_the_functional_groups_describe_is_malformed()
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "");
        var file = File.ReadAllBytes(folder["a.dcm"]);
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x28, 0x00, 0x08, 0x00, (byte)'I', (byte)'S', 2, 0, (byte)'1', (byte)'0']);
        file[at + 9] = (byte)'1';

        var fault = DicomReading.CheckedHeader(file).Fault;

        Assert.Equal(FaultCodes.DicomMalformed, fault?.Code);
        Assert.Contains("describe 10 frames, and the header says 11", fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rle", "frames lost", "header says")]
    [InlineData("rle bot", "offset too high", "offset table points")]
    [InlineData("rle bot", "offset too low", "offset table points")]
    [InlineData("rle bot", "offsets short", "not one of 10 frames")]
    [InlineData("rle eot", "frames lost", "offset table points")]
    public void A_frame_too_few_or_an_offset_table_that_points_beside_the_frames_is_malformed_at_intake(string options, string damage, string problem)
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], options);
        var file = File.ReadAllBytes(folder["a.dcm"]);
        var pixels = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B']) + 12;
        var table = BitConverter.ToInt32(file, pixels + 4);
        switch (damage)
        {
            case "frames lost":
                // The first fragment goes.
                var first = pixels + 8 + table;
                file = [.. file[..first], .. file[(first + 8 + BitConverter.ToInt32(file, first + 4))..]];
                break;
            case "offset too high":
                file[pixels + 8 + 4] += 2;
                break;
            case "offset too low":
                file[pixels + 8 + 4] -= 2;
                break;
            case "offsets short":
                file = [.. file[..(pixels + 4)], .. BitConverter.GetBytes(table - 4), .. file[(pixels + 8)..(pixels + 4 + table)], .. file[(pixels + 8 + table)..]];
                break;
        }

        var fault = DicomReading.CheckedHeader(file).Fault;

        Assert.Equal(FaultCodes.DicomMalformed, fault?.Code);
        Assert.Contains(problem, fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Native_pixel_data_of_a_frame_too_few_are_malformed()
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "");
        var file = File.ReadAllBytes(folder["a.dcm"]);
        var size = 2 * MultiFrameCt.Rows * MultiFrameCt.Columns;
        var length = file.Length - (MultiFrameCt.Frames * size) - 4;
        BitConverter.GetBytes((MultiFrameCt.Frames - 1) * size).CopyTo(file, length);

        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.CheckedHeader(file[..^size]).Code());
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
        var volume = Read(File.ReadAllBytes(folder["a.dcm"])).Value;

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

    /// <summary>Through the header reader, the catalogue and the volume reader.</summary>
    private static Outcome<CtVolume> Read(byte[] file)
    {
        if (!DicomReading.CheckedHeader(file).TryGet(out var image, out var fault) || !SeriesCatalogue.Plan([image], null).TryGet(out var plan, out fault))
        {
            return fault;
        }

        return CtVolumeReader.Read(plan, _ => new ForwardOnlyStream(file), null, TestContext.Current.CancellationToken);
    }
}
