using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

public class CtVolumeReaderTests
{
    public static TheoryData<string> AllSyntaxes => DicomFileWriterTests.WritableSyntaxes;

    [Theory]
    [MemberData(nameof(AllSyntaxes))]
    public void Every_syntax_gives_the_same_hounsfield_values(string syntax)
    {
        var image = new CtImage { Rows = 67, Columns = 61, BitsStored = 12, HighBit = 11, IsSigned = false, Slope = 1, Intercept = -1024 };
        var raw = CtImage.Pattern(67 * 61 * 2, 3);
        var expected = new short[67 * 61];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = (short)((BitConverter.ToUInt16(raw, 2 * i) & 0x0FFF) - 1024);
        }

        Assert.Equal(expected, DicomReading.Hounsfield((image with { Pixels = raw }).File(syntax)).Value);
    }

    [Theory]
    [InlineData(16, 15, true, -1, -1)]
    [InlineData(16, 15, false, -1, 32767)]
    [InlineData(12, 11, true, 0x0FFF, -1)]
    [InlineData(12, 11, true, 0x0800, -2048)]
    [InlineData(12, 11, false, 0x0800, 2048)]
    [InlineData(12, 11, true, 0x7001, 1)]
    [InlineData(12, 15, true, unchecked((short)0xFFF7), -1)]
    [InlineData(12, 15, false, 0x0017, 1)]
    public void Only_the_stored_bits_count_and_carry_the_sign(int stored, int high, bool isSigned, int bits, int expected)
    {
        var image = new CtImage { Rows = 1, Columns = 1, BitsStored = stored, HighBit = high, IsSigned = isSigned, Intercept = 0, Pixels = CtImage.Words((short)bits) };

        Assert.Equal([(short)expected], DicomReading.Hounsfield(image.File()).Value);
    }

    [Theory]
    [InlineData(0.5, -1000, 3, -998)]
    [InlineData(0.5, -1000, 5, -998)]
    [InlineData(2, 0, 30000, 32767)]
    [InlineData(2, 0, -30000, -32768)]
    [InlineData(0.1, 0.04, 4, 0)]
    public void Rescaled_values_are_rounded_and_kept_within_sixteen_bits(double slope, double intercept, short stored, short expected)
    {
        var image = new CtImage { Rows = 1, Columns = 1, Slope = slope, Intercept = intercept, Pixels = CtImage.Words(stored) };

        Assert.Equal([expected], DicomReading.Hounsfield(image.File()).Value);
    }

    [Fact]
    public void Monochrome1_turns_the_display_around_and_not_the_values_as_pydicom_reads_them_too()
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        using var folder = new TemporaryFolder();
        var dataset = new CtImage { BitsStored = 12, HighBit = 11, IsSigned = false }.Dataset().Text(DicomTags.PhotometricInterpretation, DicomVr.CS, "MONOCHROME1");
        File.WriteAllBytes(folder["a.dcm"], CtImage.File(dataset));
        ExternalTools.Python(
            """
            import sys, pydicom
            from pydicom.pixel_data_handlers.util import apply_modality_lut
            d = pydicom.dcmread(sys.argv[1])
            assert d.PhotometricInterpretation == 'MONOCHROME1'
            d.PixelData = (d.pixel_array & 0x0FFF).tobytes()
            apply_modality_lut(d.pixel_array, d).astype('<i2').tofile(sys.argv[2])
            """,
            folder["a.dcm"],
            folder["hu"]);

        var expected = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(folder["hu"])).ToArray();
        Assert.Equal(expected, DicomReading.Hounsfield(CtImage.File(dataset)).Value);
    }

    [Fact]
    public void Each_slice_is_rescaled_by_its_own_slope_and_intercept()
    {
        var files = Enumerable.Range(0, 10)
            .Select(k => new CtImage { Index = k, Position = new(0, 0, 5 * k), Slope = 1 + (k % 3), Intercept = -1000 - k, Pixels = CtImage.Words([.. Enumerable.Repeat((short)100, 120)]) }.File())
            .ToArray();
        var plan = SeriesCatalogue.Plan([.. files.Select((f, k) => DicomReading.Header(f).Value with { FileName = $"{k}" })], null).Value;

        var volume = CtVolumeReader.Read(plan, name => new MemoryStream(files[int.Parse(name)]), null, TestContext.Current.CancellationToken).Value;

        Assert.All(Enumerable.Range(0, 10), k => Assert.All(volume.Slice(k).ToArray(), hu => Assert.Equal((100 * (1 + (k % 3))) - 1000 - k, hu)));
    }

    [Theory]
    [InlineData(-2000, 0, new short[] { -2000, -1999, 40 }, new short[] { -1024, -1999, 40 })]
    [InlineData(0, 0, new short[] { 0, 1, 40 }, new short[] { 0, 1, 40 })]
    [InlineData(0, -1024, new short[] { 0, 1, 1064 }, new short[] { -1024, -1023, 40 })]
    [InlineData(32767, 0, new short[] { 32767, 1, 40 }, new short[] { -1024, 1, 40 })]
    public void Padding_becomes_air_unless_it_could_be_tissue(short padding, double intercept, short[] stored, short[] expected)
    {
        var dataset = new CtImage { Rows = 1, Columns = 3, Intercept = intercept, Pixels = CtImage.Words(stored) }.Dataset()
            .Int16(DicomTags.PixelPaddingValue, padding);

        Assert.Equal(expected, DicomReading.Hounsfield(CtImage.File(dataset)).Value);
    }

    [Fact]
    public void A_range_of_padding_becomes_air()
    {
        var dataset = new CtImage { Rows = 1, Columns = 4, Intercept = 0, Pixels = CtImage.Words(-2001, -2000, -1990, -1989) }.Dataset()
            .Int16(DicomTags.PixelPaddingValue, -1990)
            .Int16(DicomTags.PixelPaddingRangeLimit, -2000);

        Assert.Equal([-2001, -1024, -1024, -1989], DicomReading.Hounsfield(CtImage.File(dataset)).Value);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.1", "OB")]
    [InlineData("1.2.840.10008.1.2.2", "OB")]
    [InlineData("1.2.840.10008.1.2.2", "OW")]
    [InlineData("1.2.840.10008.1.2.5", "OB")]
    public void Eight_bit_pixels_are_read_in_any_byte_order_with_their_padding_byte(string syntax, string vr)
    {
        var pixels = CtImage.Pattern(3 * 5, 9);
        var dataset = new CtImage { Rows = 3, Columns = 5, BitsAllocated = 8, BitsStored = 8, HighBit = 7, IsSigned = false, Intercept = -100, Pixels = pixels }.Dataset();
        if (vr == "OW")
        {
            dataset.Bytes(DicomTags.PixelData, DicomVr.OW, (byte[])[.. pixels, 0]);
        }

        Assert.Equal(pixels.Select(p => (short)(p - 100)), DicomReading.Hounsfield(CtImage.File(dataset, syntax)).Value);
    }

    [Fact]
    public void Pixel_data_longer_or_shorter_than_the_image_are_malformed()
    {
        var file = new CtImage { Rows = 4, Columns = 4 }.File();
        var at = file.Length - 32 - 4;
        foreach (var length in (int[])[30, 34])
        {
            byte[] changed = [.. file[..at], .. BitConverter.GetBytes(length), .. new byte[length]];

            Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Hounsfield(changed).Code());
            Assert.Equal(FaultCodes.DicomMalformed, DicomReading.CheckedHeader(changed).Code());
        }
    }

    [Fact]
    public void Fragments_under_a_native_syntax_and_plain_pixels_under_rle_are_malformed()
    {
        var native = new CtImage().File(TransferSyntax.ExplicitLittleEndian.Uid);
        var rle = new CtImage().File(TransferSyntax.RleLossless.Uid);

        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Hounsfield(WithSyntax(native, "1.2.840.10008.1.2.5\0")).Code());
        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Hounsfield(WithSyntax(rle, "1.2.840.10008.1.2.1\0")).Code());
    }

    [Fact]
    public void Broken_rle_is_malformed_wherever_it_breaks()
    {
        var file = new CtImage { Rows = 8, Columns = 8 }.File(TransferSyntax.RleLossless.Uid);
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B']) + 12 + 8 + 8;
        (int At, uint Value)[] breaks =
        [
            (frame, 3), (frame, 0), (frame, uint.MaxValue), (frame + 4, 0), (frame + 4, 66), (frame + 8, 63),
            (frame + 8, 0x7FFFFFFF), (frame + 8, 64), (frame + 64, 0x7F7F7F7F), (frame - 4, 0xFFFFFFF0), (frame - 4, 2),
        ];
        foreach (var (at, value) in breaks)
        {
            var broken = (byte[])file.Clone();
            BitConverter.GetBytes(value).CopyTo(broken, at);

            Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Hounsfield(broken).Code());
        }
    }

    [Fact]
    public void A_compressed_image_is_refused_with_the_name_of_its_syntax()
    {
        // Same length of UID as RLE plus ".4.90" needs a new meta header, which the reader takes with any stated length.
        var rle = new CtImage().File(TransferSyntax.RleLossless.Uid);
        var outcome = DicomReading.Hounsfield(WithSyntax(rle, "1.2.840.10008.1.2.4.201"));

        Assert.Equal(FaultCodes.DicomTransferSyntax, outcome.Code());
        Assert.Contains("JPEG 2000 Lossless", outcome.Fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_decoded_in_the_order_of_the_plan_each_by_its_own_rescale()
    {
        var files = new Dictionary<string, byte[]>();
        List<DicomInstance> instances = [];
        foreach (var k in (int[])[7, 2, 5, 0, 9, 1, 8, 3, 6, 4])
        {
            var image = new CtImage { Rows = 2, Columns = 2, Index = k, Position = new(0, 0, 5 * k), Slope = k + 1, Intercept = -k, Pixels = CtImage.Words(1, 2, 3, 4) };
            files[$"{k}.dcm"] = image.File();
            instances.Add(DicomHeaderReader.Read(new MemoryStream(files[$"{k}.dcm"]), $"{k}.dcm").Value);
        }

        var plan = SeriesCatalogue.Plan(instances, null).Value;
        List<double> progress = [];
        var volume = CtVolumeReader.Read(plan, name => new ForwardOnlyStream(files[name]), progress.Add, TestContext.Current.CancellationToken).Value;

        for (var k = 0; k < 10; k++)
        {
            Assert.Equal(Enumerable.Range(1, 4).Select(v => (short)((v * (k + 1)) - k)), volume.Slice(k).ToArray());
        }

        Assert.Equal(10, progress.Count);
        Assert.Equal(1, progress[^1]);
    }

    [Fact]
    public void A_file_that_changed_after_planning_is_refused()
    {
        var instances = Enumerable.Range(0, 10)
            .Select(k => DicomHeaderReader.Read(new MemoryStream(new CtImage { Index = k, Position = new(0, 0, 5 * k) }.File()), $"{k}").Value)
            .ToArray();
        var plan = SeriesCatalogue.Plan(instances, null).Value;
        var other = new CtImage { Series = "other" }.File();

        Assert.Equal(FaultCodes.DicomMalformed, CtVolumeReader.Read(plan, _ => new MemoryStream(other), null, TestContext.Current.CancellationToken).Code());
    }

    [Fact]
    public void Reading_stops_when_cancelled()
    {
        var instances = Enumerable.Range(0, 10)
            .Select(k => DicomHeaderReader.Read(new MemoryStream(new CtImage { Index = k, Position = new(0, 0, 5 * k) }.File()), $"{k}").Value)
            .ToArray();
        var plan = SeriesCatalogue.Plan(instances, null).Value;

        Assert.Throws<OperationCanceledException>(() => CtVolumeReader.Read(plan, _ => Stream.Null, null, new CancellationToken(canceled: true)));
    }

    private static byte[] WithSyntax(byte[] file, string uid)
    {
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0x00, 0x10, 0x00, (byte)'U', (byte)'I']);
        var next = at + 8 + BitConverter.ToUInt16(file, at + 6);
        return [.. file[..(at + 6)], .. BitConverter.GetBytes((ushort)uid.Length), .. System.Text.Encoding.ASCII.GetBytes(uid), .. file[next..]];
    }
}
