using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Images that dcmtk and GDCM compressed, decoded by us, against what was compressed or what they decode themselves.</summary>
public class CompressedPixelTests
{
    [Theory]
    [InlineData("dcmcjpeg", "+e1", "1.2.840.10008.1.2.4.70")]
    [InlineData("dcmcjpeg", "+el +sv 1", "1.2.840.10008.1.2.4.57")]
    [InlineData("dcmcjpeg", "+el +sv 2", "1.2.840.10008.1.2.4.57")]
    [InlineData("dcmcjpeg", "+el +sv 3", "1.2.840.10008.1.2.4.57")]
    [InlineData("dcmcjpeg", "+el +sv 4", "1.2.840.10008.1.2.4.57")]
    [InlineData("dcmcjpeg", "+el +sv 5", "1.2.840.10008.1.2.4.57")]
    [InlineData("dcmcjpeg", "+el +sv 6", "1.2.840.10008.1.2.4.57")]
    [InlineData("dcmcjpeg", "+el +sv 7", "1.2.840.10008.1.2.4.57")]
    [InlineData("gdcmconv", "--jpeg --lossless", "1.2.840.10008.1.2.4.70")]
    [InlineData("gdcmconv", "--jpegls", "1.2.840.10008.1.2.4.80")]
    [InlineData("gdcmconv", "--j2k", "1.2.840.10008.1.2.4.90")]
    public void Lossless_compression_gives_back_every_value(string tool, string options, string syntaxUid)
    {
        foreach (var (bitsStored, isSigned) in new[] { (12, false), (16, true), (16, false) })
        {
            using var folder = new TemporaryFolder();
            var original = new CtImage { Rows = 61, Columns = 67, BitsStored = bitsStored, HighBit = bitsStored - 1, IsSigned = isSigned }.File();
            var compressed = Compress(folder, original, tool, options);
            RequireDecoder(syntaxUid);

            Assert.Equal(syntaxUid, DicomReading.CheckedHeader(compressed).Value.TransferSyntaxUid);
            Assert.Equal(DicomReading.Hounsfield(original).Value, DicomReading.Hounsfield(compressed).Value);
        }
    }

    [Theory]
    [InlineData("dcmcjpeg", "+ee", "1.2.840.10008.1.2.4.51", 12, 3)]
    [InlineData("dcmcjpeg", "+eb", "1.2.840.10008.1.2.4.50", 8, 1)]
    public void Lossy_jpeg_decodes_as_dcmtk_decodes_it_but_for_rounding(string tool, string options, string syntaxUid, int bitsStored, int tolerance)
    {
        using var folder = new TemporaryFolder();
        var image = new CtImage { Rows = 61, Columns = 67, BitsAllocated = bitsStored == 8 ? 8 : 16, BitsStored = bitsStored, HighBit = bitsStored - 1, IsSigned = false };
        var compressed = Compress(folder, image.File(), tool, options);
        ExternalTools.Run("dcmdjpeg", folder["b.dcm"], folder["c.dcm"]);

        Assert.Equal(syntaxUid, DicomReading.CheckedHeader(compressed).Value.TransferSyntaxUid);
        var ours = DicomReading.StoredValues(compressed)!.Value.Value;
        var theirs = DicomReading.StoredValues(File.ReadAllBytes(folder["c.dcm"]))!.Value.Value;
        Assert.All(ours.Zip(theirs), pair => Assert.InRange(pair.First - pair.Second, -tolerance, tolerance));
    }

    [Theory]
    [InlineData("dcmcjpls", "+en +md 3", "1.2.840.10008.1.2.4.81", "dcmdjpls")]
    [InlineData("gdcmconv", "--jpegls --lossy -e 2", "1.2.840.10008.1.2.4.81", "dcmdjpls")]
    [InlineData("gdcmconv", "--j2k --lossy -r 40", "1.2.840.10008.1.2.4.91", "pydicom")]
    public void Lossy_jpeg_ls_and_jpeg_2000_decode_to_the_values_of_other_decoders(string tool, string options, string syntaxUid, string decoder)
    {
        using var folder = new TemporaryFolder();
        var image = new CtImage { Rows = 64, Columns = 80, BitsStored = 12, HighBit = 11, IsSigned = false, Pixels = Smooth(64, 80) };
        var compressed = Compress(folder, image.File(), tool, options);
        RequireDecoder(syntaxUid);
        if (decoder == "pydicom")
        {
            ExternalTools.RequirePython("pydicom", "numpy", "PIL");
            ExternalTools.Python("import sys, pydicom; pydicom.dcmread(sys.argv[1]).pixel_array.astype('<i2').tofile(sys.argv[2])", folder["b.dcm"], folder["c.raw"]);
        }
        else
        {
            ExternalTools.Run(decoder, folder["b.dcm"], folder["c.dcm"]);
            File.WriteAllBytes(folder["c.raw"], MemoryMarshal.AsBytes<short>(DicomReading.StoredValues(File.ReadAllBytes(folder["c.dcm"]))!.Value.Value).ToArray());
        }

        Assert.Equal(syntaxUid, DicomReading.CheckedHeader(compressed).Value.TransferSyntaxUid);
        var ours = DicomReading.StoredValues(compressed)!.Value.Value;
        Assert.Equal(MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(folder["c.raw"])).ToArray(), ours);
        Assert.NotEqual(DicomReading.StoredValues(image.File())!.Value.Value, ours);
    }

    [Theory]
    [InlineData("dcmcrle", "")]
    [InlineData("gdcmconv", "--jpeg --lossless")]
    [InlineData("gdcmconv", "--jpegls")]
    [InlineData("gdcmconv", "--j2k")]
    public void Overlays_in_unused_bits_do_not_change_values_whether_the_compression_keeps_them_or_not(string tool, string options)
    {
        using var folder = new TemporaryFolder();
        var pixels = Smooth(61, 67);
        var plain = new CtImage { Rows = 61, Columns = 67, BitsStored = 12, HighBit = 11, IsSigned = false, Pixels = [.. pixels] };
        for (var i = 1; i < pixels.Length; i += 6)
        {
            pixels[i] |= 0x80;
        }

        var marked = (plain with { Pixels = pixels }).File();
        Assert.Equal(DicomReading.Hounsfield(plain.File()).Value, DicomReading.Hounsfield(marked).Value);
        var compressed = Compress(folder, marked, tool, options);
        RequireDecoder(DicomReading.Header(compressed).Value.TransferSyntaxUid);
        Assert.Equal(DicomReading.Hounsfield(plain.File()).Value, DicomReading.Hounsfield(compressed).Value);
    }

    [Theory]
    [InlineData("dcmcjpeg", "+ee", true)]
    [InlineData("dcmcjpeg", "+e1", false)]
    public void A_series_that_was_compressed_with_loss_is_warned_of_even_after_it_was_decompressed(string tool, string options, bool isLossy)
    {
        List<DicomInstance> compressed = [], decompressed = [];
        for (var k = 0; k < 8; k++)
        {
            using var folder = new TemporaryFolder();
            var image = new CtImage { Index = k, Position = new(0, 0, 5 * k), BitsStored = 12, HighBit = 11, IsSigned = false };
            compressed.Add(DicomReading.CheckedHeader(Compress(folder, image.File(), tool, options)).Value with { ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"] });
            ExternalTools.Run("dcmdjpeg", folder["b.dcm"], folder["c.dcm"]);
            decompressed.Add(DicomReading.CheckedHeader(File.ReadAllBytes(folder["c.dcm"])).Value with { ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"] });
        }

        Assert.All(new[] { compressed, decompressed }, series => Assert.Equal(
            isLossy, SeriesCatalogue.Plan(series, null).Value.Warnings.Any(w => w.Code == WarningCodes.LossyCompression)));
    }

    [Fact]
    public void A_compressed_frame_in_many_fragments_is_put_together()
    {
        using var folder = new TemporaryFolder();
        var original = new CtImage { Rows = 200, Columns = 200, BitsStored = 12, HighBit = 11, IsSigned = false }.File();
        var compressed = Compress(folder, original, "dcmcjpeg", "+e1 +fs 4");

        Assert.Equal(DicomReading.Hounsfield(original).Value, DicomReading.Hounsfield(compressed).Value);
    }

    [Theory]
    [InlineData("dcmcjpeg", "+e1")]
    [InlineData("gdcmconv", "--j2k")]
    public void Damaged_frames_are_refused_and_never_give_an_image_of_another_size(string tool, string options)
    {
        using var folder = new TemporaryFolder();
        var image = new CtImage { Rows = 64, Columns = 64, BitsStored = 12, HighBit = 11, IsSigned = false };
        var compressed = Compress(folder, image.File(), tool, options);
        var start = IndexOf(compressed, tool == "gdcmconv" ? [0xFF, 0x4F] : [0xFF, 0xD8]);

        // Another width in the frame header, a missing end, and no stream at all.
        var header = IndexOf(compressed, tool == "gdcmconv" ? [0xFF, 0x51] : [0xFF, 0xC3]);
        byte[] otherWidth = [.. compressed];
        otherWidth[header + (tool == "gdcmconv" ? 9 : 8)] ^= 0x11;
        byte[] noEnd = [.. compressed];
        noEnd.AsSpan()[(start + ((compressed.Length - start) / 2))..^8].Clear();
        byte[] noStream = [.. compressed];
        noStream.AsSpan(start, 64).Clear();

        Assert.All(new[] { otherWidth, noEnd, noStream }, damaged =>
        {
            Assert.Equal("none", DicomReading.CheckedHeader(damaged).Code());
            Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Hounsfield(damaged).Code());
        });
    }

    [Fact]
    public void A_second_scan_is_refused_before_it_can_hold_up_the_decoder()
    {
        byte[] frame = [0xFF, 0xD8, 0xFF, 0xC3, 0, 11, 12, 0, 4, 0, 4, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0, 1, 2, 3];

        Assert.NotNull(JpegStructure.Read([.. frame, 0xFF, 0xD9], out _));
        Assert.Null(JpegStructure.Read([.. frame, 0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0, 9, 0xFF, 0xD9], out var problem));
        Assert.Equal("has several scans", problem);
        Assert.Null(JpegStructure.Read(frame, out problem));
        Assert.Equal("is cut off", problem);
    }

    /// <summary>Something that compresses: 12-bit waves.</summary>
    private static byte[] Smooth(int rows, int columns) => CtImage.Words(
        [.. Enumerable.Range(0, rows * columns).Select(i => (short)(1500 + (1200 * Math.Sin(i % columns / 9.0) * Math.Cos(i / columns / 7.0))))]);

    private static byte[] Compress(TemporaryFolder folder, byte[] original, string tool, string options)
    {
        File.WriteAllBytes(folder["a.dcm"], original);
        ExternalTools.Run(tool, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), folder["a.dcm"], folder["b.dcm"]]);
        return File.ReadAllBytes(folder["b.dcm"]);
    }

    private static void RequireDecoder(string syntaxUid) =>
        Assert.SkipUnless(TransferSyntax.Find(syntaxUid)!.CanDecode, "gdcmconv is not installed");

    private static int IndexOf(byte[] file, ReadOnlySpan<byte> mark)
    {
        var index = file.AsSpan(132).IndexOf(mark);
        Assert.True(index > 0);
        return 132 + index;
    }
}
