using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

public class DicomFileWriterTests
{
    public static TheoryData<string> WritableSyntaxes => new(
        TransferSyntax.ImplicitLittleEndian.Uid,
        TransferSyntax.ExplicitLittleEndian.Uid,
        TransferSyntax.ExplicitBigEndian.Uid,
        TransferSyntax.DeflatedExplicitLittleEndian.Uid,
        TransferSyntax.RleLossless.Uid);

    [Theory]
    [MemberData(nameof(WritableSyntaxes))]
    public void Pydicom_reads_the_pixels_and_attributes_that_were_written(string syntax)
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        using var folder = new TemporaryFolder();
        var image = new CtImage { Rows = 33, Columns = 7 };
        var pixels = CtImage.Pattern(33 * 7 * 2, 5);
        File.WriteAllBytes(folder["a.dcm"], (image with { Pixels = pixels }).File(syntax));
        File.WriteAllBytes(folder["a.raw"], pixels);

        var output = ExternalTools.Python(
            """
            import sys, pydicom, numpy
            d = pydicom.dcmread(sys.argv[1])
            a = d.pixel_array
            expected = numpy.fromfile(sys.argv[2], '<i2').reshape(33, 7)
            assert (a == expected).all(), 'pixels differ'
            print(d.file_meta.TransferSyntaxUID, list(map(float, d.ImagePositionPatient)), d.Rows, d.Columns,
                  list(map(float, d.PixelSpacing)), d.SOPInstanceUID == d.file_meta.MediaStorageSOPInstanceUID, d.StudyDate)
            """,
            folder["a.dcm"],
            folder["a.raw"]);

        Assert.Equal($"{syntax} [-100.0, -120.5, 30.0] 33 7 [0.5, 0.25] True 20240229", output.Trim());
    }

    [Theory] // dciodvfy can't inflate
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.2")]
    [InlineData("1.2.840.10008.1.2.5")]
    public void Dciodvfy_finds_no_errors_in_a_written_ct_image(string syntax)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.dcm"], new CtImage { BitsStored = 12, HighBit = 11, IsSigned = false }.File(syntax));

        var result = ExternalTools.TryRun("dciodvfy", folder["a.dcm"]);

        Assert.DoesNotContain("Error", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains("CTImage", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_uid_made_from_a_seed_is_the_same_everywhere_and_valid()
    {
        ExternalTools.RequirePython();

        var expected = ExternalTools.Python(
            """
            import hashlib, sys, uuid
            h = bytearray(hashlib.sha256(sys.argv[1].encode()).digest()[:16])
            h[6] = h[6] & 0x0F | 0x80
            h[8] = h[8] & 0x3F | 0x80
            print('2.25.%d' % uuid.UUID(bytes=bytes(h)).int)
            """,
            "head phantom 7").Trim();

        Assert.Equal(expected, DicomUid.FromSeed("head phantom 7"));
        Assert.True(DicomUid.IsValid(expected));
        Assert.NotEqual(expected, DicomUid.FromSeed("head phantom 8"));
    }

    [Fact]
    public void A_value_that_its_vr_forbids_is_not_written()
    {
        var dataset = new DicomDataset();

        Assert.Throws<ArgumentException>(() => dataset.Text(DicomTags.Modality, DicomVr.CS, "ct"));
        Assert.Throws<ArgumentException>(() => dataset.Text(DicomTags.SeriesDescription, DicomVr.LO, @"two\values"));
        Assert.Throws<ArgumentException>(() => dataset.Text(DicomTags.SeriesDescription, DicomVr.LO, new string('x', 65)));
        Assert.Throws<ArgumentException>(() => dataset.Text(DicomTags.StudyDate, DicomVr.DA, "2023-02-30"));
        Assert.Throws<ArgumentException>(() => dataset.Uid(DicomTags.SopInstanceUid, "1..2"));
        Assert.Throws<ArgumentException>(() => dataset.Decimals(DicomTags.SliceThickness, double.NaN));
        Assert.Throws<ArgumentException>(() => dataset.Bytes(DicomTags.PixelData, DicomVr.OW, new byte[3]));
        Assert.Throws<ArgumentException>(() => dataset.Text(DicomTags.TransferSyntaxUid, DicomVr.UI, "1.2"));
        Assert.Empty(dataset.Elements);
    }

    [Theory]
    [InlineData(-123.45678901234567, "-123.45678901235")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(-1.2345678901234567e-7, "-1.23456789E-07")]
    [InlineData(0.48828125, "0.48828125")]
    public void A_decimal_string_keeps_what_sixteen_characters_can_hold(double value, string expected)
    {
        var text = DicomDataset.FormatDecimal(value);

        Assert.Equal(expected, text);
        Assert.True(text.Length <= 16);
    }

    [Fact]
    public void Pixel_data_of_another_size_than_the_header_says_are_not_written()
    {
        var dataset = new CtImage { Rows = 4, Columns = 4, Pixels = new byte[30] }.Dataset();

        Assert.Throws<ArgumentException>(() => CtImage.File(dataset));
    }
}
