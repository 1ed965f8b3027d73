using System.Text;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

public class DicomHeaderReaderTests
{
    [Theory]
    [MemberData(nameof(DicomFileWriterTests.WritableSyntaxes), MemberType = typeof(DicomFileWriterTests))]
    public void A_header_reads_back_as_it_was_written_in_every_syntax(string syntax)
    {
        var image = DicomReading.CheckedHeader(new CtImage { BitsStored = 12, HighBit = 11, IsSigned = false, Slope = 0.5 }.File(syntax)).Value;

        Assert.Equal(syntax, image.TransferSyntaxUid);
        Assert.Equal("a.dcm", image.FileName);
        Assert.Equal(SopClasses.CtImageStorage, image.SopClassUid);
        Assert.Equal(DicomUid.FromSeed("series instance 0"), image.SopInstanceUid);
        Assert.Equal(DicomUid.FromSeed("series"), image.SeriesInstanceUid);
        Assert.Equal(DicomUid.FromSeed("study"), image.StudyInstanceUid);
        Assert.Equal(DicomUid.FromSeed("frame"), image.FrameOfReferenceUid);
        Assert.Equal("CT", image.Modality);
        Assert.Equal("PHANTOM", image.PatientId);
        Assert.Equal(new DateTime(2024, 2, 29, 13, 45, 2), image.StudyDateTime);
        Assert.Equal("Head 5 mm", image.SeriesDescription);
        Assert.Equal(["ORIGINAL", "PRIMARY", "AXIAL"], image.ImageType);
        Assert.Equal("STANDARD", image.ConvolutionKernel);
        Assert.False(image.HasContrastAgent);
        Assert.Equal(1, image.AcquisitionNumber);
        Assert.True(image.HasPixelData);
        Assert.Equal((12, 10, 1, 1), (image.Rows, image.Columns, image.NumberOfFrames, image.SamplesPerPixel));
        Assert.Equal((16, 12, 11, false), (image.BitsAllocated, image.BitsStored, image.HighBit, image.IsSigned));
        Assert.Equal((0.5, -1024.0, "HU"), (image.RescaleSlope, image.RescaleIntercept, image.RescaleType));
        Assert.Equal(new Vector3D(-100, -120.5, 30), image.ImagePositionLpsMm);
        Assert.Equal((new Vector3D(1, 0, 0), new Vector3D(0, 1, 0)), (image.RowDirection, image.ColumnDirection));
        Assert.Equal((0.5, 0.25, 5.0), (image.RowSpacingMm, image.ColumnSpacingMm, image.SliceThicknessMm));
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.2")]
    public void A_bare_data_set_without_preamble_and_meta_header_is_recognised(string syntax)
    {
        var file = new CtImage().File(syntax);
        var metaLength = BitConverter.ToInt32(file, 140);
        var bare = file[(144 + metaLength)..];

        var image = DicomReading.CheckedHeader(bare).Value;

        Assert.Equal(syntax, image.TransferSyntaxUid);
        Assert.Equal(DicomReading.Hounsfield(file).Value, DicomReading.Hounsfield(bare).Value);
    }

    [Fact]
    public void A_meta_header_without_preamble_or_with_a_wrong_length_is_recognised()
    {
        var file = new CtImage().File();
        var wrongLength = (byte[])file.Clone();
        wrongLength[140] ^= 0x55;

        Assert.True(DicomReading.CheckedHeader(file[132..]).Value.HasPixelData);
        Assert.True(DicomReading.CheckedHeader(wrongLength).Value.HasPixelData);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Patient list\nName;Born\n")]
    [InlineData("%PDF-1.7\n")]
    [InlineData("MZ and so on")]
    [InlineData("\u0002\u0000 starts like a meta header but is not one, and is longer than a few bytes")]
    [InlineData("\u0008\u0000\u0005\u0000\u0004\u0000\u0000\u0000 starts like implicit little endian, and is garbage then, garbage, garbage")]
    public void What_is_not_dicom_is_told_apart_from_broken_dicom(string content)
    {
        Assert.Equal(FaultCodes.DicomNone, DicomReading.Header(Encoding.Latin1.GetBytes(content)).Code());
    }

    [Fact]
    public void A_dicomdir_is_no_image_and_not_an_error()
    {
        var dataset = new DicomDataset()
            .Uid(DicomTags.SopClassUid, SopClasses.MediaStorageDirectoryStorage)
            .Uid(DicomTags.SopInstanceUid, "1.2.3");

        Assert.Equal(FaultCodes.DicomNone, DicomReading.Header(CtImage.File(dataset)).Code());
    }

    [Theory]
    [InlineData("MZ")]
    [InlineData("\u007fELF")]
    [InlineData("PK\u0003\u0004")]
    [InlineData("%PDF-1.7")]
    [InlineData("#!/bin/sh\n")]
    [InlineData("<script>")]
    public void A_preamble_that_makes_the_file_a_program_or_document_too_is_refused(string start)
    {
        var file = new CtImage().File();
        Encoding.Latin1.GetBytes(start).CopyTo(file, 0);

        Assert.Equal(FaultCodes.DicomPolyglot, DicomReading.Header(file).Code());
    }

    [Theory]
    [InlineData("II*\0")]
    [InlineData("MM\0*")]
    [InlineData("ACME PACS export")]
    public void Tiff_and_harmless_preambles_are_read(string start)
    {
        var file = new CtImage().File();
        Encoding.Latin1.GetBytes(start).CopyTo(file, 0);

        Assert.Equal(12, DicomReading.CheckedHeader(file).Value.Rows);
    }

    [Theory]
    [InlineData("ISO_IR 100", new byte[] { 0x53, 0x63, 0x68, 0xE4, 0x64, 0x65, 0x6C }, "Schädel")]
    [InlineData("ISO_IR 192", new byte[] { 0x53, 0x63, 0x68, 0xC3, 0xA4, 0x64, 0x65, 0x6C }, "Schädel")]
    [InlineData("ISO_IR 192", new byte[] { 0x53, 0xC3, 0x28 }, "S\u00C3(")]
    [InlineData("ISO_IR 13", new byte[] { 0x53, 0xB1 }, "S\uFF71")]
    [InlineData("", new byte[] { 0x53, 0x00, 0x20, 0x20 }, "S")]
    public void A_series_description_is_decoded_by_its_character_set(string characterSet, byte[] value, string expected)
    {
        var dataset = new CtImage().Dataset()
            .Text(DicomTags.SpecificCharacterSet, DicomVr.CS, characterSet)
            .Bytes(DicomTags.SeriesDescription, DicomVr.LO, value);

        Assert.Equal(expected, DicomReading.Header(CtImage.File(dataset)).Value.SeriesDescription);
    }

    [Theory]
    [InlineData(@" -100.0 \-120.5\ +3.0e1", -100, -120.5, 30)]
    [InlineData("1\\2\\3\0", 1, 2, 3)]
    public void Decimal_strings_are_read_with_padding_signs_and_exponents(string text, double x, double y, double z)
    {
        var dataset = new CtImage().Dataset().Bytes(DicomTags.ImagePositionPatient, DicomVr.DS, Encoding.ASCII.GetBytes(text));

        Assert.Equal(new Vector3D(x, y, z), DicomReading.Header(CtImage.File(dataset)).Value.ImagePositionLpsMm);
    }

    [Theory]
    [InlineData(@"1,5\2\3")]
    [InlineData(@"1\2")]
    [InlineData(@"NaN\2\3")]
    [InlineData(@"1e999\2\3")]
    [InlineData(@"1\\3")]
    public void A_position_that_is_not_three_finite_numbers_is_absent(string text)
    {
        var dataset = new CtImage().Dataset().Bytes(DicomTags.ImagePositionPatient, DicomVr.DS, Encoding.ASCII.GetBytes(text));

        Assert.Null(DicomReading.Header(CtImage.File(dataset)).Value.ImagePositionLpsMm);
    }

    [Theory]
    [InlineData("NONE", false)]
    [InlineData("no", false)]
    [InlineData("OMNIPAQUE 350", true)]
    public void A_contrast_agent_is_what_is_named_and_not_a_word_for_none(string agent, bool expected)
    {
        var dataset = new CtImage().Dataset().Text(DicomTags.ContrastBolusAgent, DicomVr.LO, agent);

        Assert.Equal(expected, DicomReading.Header(CtImage.File(dataset)).Value.HasContrastAgent);
    }

    [Fact]
    public void An_image_that_does_not_say_whether_its_pixels_are_signed_is_malformed()
    {
        var dataset = new CtImage().Dataset().UInt16(DicomTags.PixelRepresentation, 2);

        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Header(CtImage.File(dataset)).Code());
    }

    [Fact]
    public void An_attribute_that_stands_twice_with_different_values_is_malformed()
    {
        var file = new CtImage { Position = new(0, 0, 0) }.File();
        var other = new CtImage { Position = new(0, 0, 5) }.File();
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x20, 0x00, 0x32, 0x00, (byte)'D', (byte)'S']);
        var length = 8 + file[at + 6];
        byte[] twiceTheSame = [.. file[..at], .. file.AsSpan(at, length), .. file[at..]];
        byte[] different = [.. file[..at], .. other.AsSpan(at, length), .. file[at..]];

        Assert.True(DicomReading.CheckedHeader(twiceTheSame).Value.HasPixelData);
        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Header(different).Code());
    }

    [Fact]
    public void The_reader_stops_before_the_pixel_data()
    {
        var file = new CtImage { Rows = 512, Columns = 512 }.File();
        using var stream = new MemoryStream(file);

        Assert.True(DicomHeaderReader.Read(stream, "a.dcm").Value.HasPixelData);

        Assert.InRange(stream.Position, 1, 16 * 1024);
    }

    [Fact]
    public void A_transfer_syntax_outside_of_the_standard_is_named_as_the_problem()
    {
        var file = new CtImage().File();
        "1.2.840.10008.1.2.9"u8.CopyTo(file.AsSpan(file.AsSpan().IndexOf("1.2.840.10008.1.2.1"u8)));

        Assert.Equal(FaultCodes.DicomTransferSyntax, DicomReading.Header(file).Code());
    }
}
