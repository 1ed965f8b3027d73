using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Tests.Dicom.Fuzzing;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Files and studies that are well-formed and lie: each has its code, soon and in little memory.</summary>
public class HostileStudyTests
{
    private const double MostSeconds = 5;

    public static TheoryData<string, string> Spacings => new()
    {
        { "NaN\\NaN ", FaultCodes.SeriesNoneEligible },
        { "0\\0 ", FaultCodes.SeriesNoneEligible },
        { "-0.5\\0.5", FaultCodes.SeriesNoneEligible },
        { "0.5 ", FaultCodes.SeriesNoneEligible },
        { "1e999\\1e999", FaultCodes.SeriesNoneEligible },
        { "Infinity\\1", FaultCodes.SeriesNoneEligible },
        { "", FaultCodes.SeriesNoneEligible },
    };

    public static TheoryData<string, string> Orientations => new()
    {
        { "1\\0\\0\\1\\0\\0 ", FaultCodes.SeriesNoneEligible },
        { "0\\0\\0\\0\\0\\0 ", FaultCodes.SeriesNoneEligible },
        { "1\\0\\0\\0.6\\0.8\\0 ", FaultCodes.SeriesNoneEligible },
        { "2\\0\\0\\0\\2\\0 ", FaultCodes.SeriesNoneEligible },
        { "NaN\\0\\0\\0\\1\\0", FaultCodes.SeriesNoneEligible },
        { "1\\0\\0\\0\\1 ", FaultCodes.SeriesNoneEligible },
        { "1e200\\0\\0\\0\\1e200\\0", FaultCodes.SeriesNoneEligible },
        { "1\\0\\0\\0\\0\\1 ", FaultCodes.SeriesNoneEligible },
    };

    public static TheoryData<string, string> Positions => new()
    {
        { "NaN\\0\\0 ", FaultCodes.SeriesNoneEligible },
        { "0\\0", FaultCodes.SeriesNoneEligible },
        { "1e308\\-1e308\\1e308 ", FaultCodes.GeometryDuplicatePosition },
        { "0\\0\\0 ", FaultCodes.GeometryDuplicatePosition },
    };

    [Theory]
    [MemberData(nameof(Spacings))]
    public void Spacing_that_is_no_number_or_not_positive_is_refused(string value, string code) => Refused(DicomTags.PixelSpacing, value, code);

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Directions_that_are_degenerate_oblique_to_each_other_or_not_axial_are_refused(string value, string code) =>
        Refused(DicomTags.ImageOrientationPatient, value, code);

    [Theory]
    [MemberData(nameof(Positions))]
    public void Positions_that_are_no_place_or_all_the_same_are_refused(string value, string code) => Refused(DicomTags.ImagePositionPatient, value, code);

    [Fact]
    public void A_thickness_of_nothing_is_replaced_by_the_spacing_and_said_so()
    {
        foreach (var thickness in (string[])["0 ", "-5", "NaN ", ""])
        {
            var plan = SeriesCatalogue.Plan(Stack(d => d.Bytes(DicomTags.SliceThickness, DicomVr.DS, Ascii(thickness))), null).Value;

            Assert.All(plan.Geometry.Slices, slice => Assert.Equal(5, slice.ThicknessMm));
            Assert.Contains(WarningCodes.ThicknessDiffersFromSpacing, plan.Codes());
        }
    }

    [Fact]
    public void A_slope_of_nothing_is_refused()
    {
        foreach (var slope in (string[])["0 ", "-1", "NaN ", "", "1e999 "])
        {
            Refused(DicomTags.RescaleSlope, slope, FaultCodes.SeriesNoneEligible);
        }
    }

    [Theory]
    [InlineData(0xFFFF, 0xFFFF)]
    [InlineData(0x8000, 0x8000)]
    [InlineData(0, 0)]
    [InlineData(1, 0xFFFF)]
    public void A_matrix_whose_product_overflows_or_is_nothing_is_refused_with_its_code(int rows, int columns)
    {
        var stack = Stack(d => d.UInt16(DicomTags.Rows, (ushort)rows).UInt16(DicomTags.Columns, (ushort)columns), isChecked: false);

        Assert.Equal(FaultCodes.SeriesNoneEligible, SeriesCatalogue.Plan(stack, null).Code());
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(-120)]
    [InlineData(-240)]
    [InlineData(2)]
    [InlineData(240)]
    [InlineData(2_000_000)]
    public void Pixel_data_shorter_or_longer_than_the_matrix_are_refused(int difference)
    {
        var dataset = new CtImage().Dataset();
        var file = CtImage.File(dataset);
        var pixels = dataset.Find(DicomTags.PixelData)!.Value;
        var start = file.Length - pixels.Length;
        byte[] changed = [.. file[..(start - 4)], .. BitConverter.GetBytes(pixels.Length + difference), .. pixels.Span[..Math.Min(pixels.Length, pixels.Length + difference)], .. new byte[Math.Max(0, difference)]];

        Bounded(() => Assert.Equal((FaultCodes.DicomMalformed, FaultCodes.DicomMalformed), (DicomReading.CheckedHeader(changed).Code(), DicomReading.Hounsfield(changed).Code())));
    }

    [Fact]
    public void Fragments_under_a_native_syntax_and_native_pixels_under_an_encapsulated_one_are_refused()
    {
        var native = new CtImage().File();
        var encapsulated = new CtImage().File(TransferSyntax.RleLossless.Uid);

        Assert.All(new[] { WithPrefixOf(native, encapsulated), WithPrefixOf(encapsulated, native) }, file =>
        {
            Assert.Equal(FaultCodes.DicomMalformed, DicomReading.CheckedHeader(file).Code());
            Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Hounsfield(file).Code());
        });
    }

    /// <summary>Mutant 832530 of seed 1: passed over in an image that no series can use, and then in the way of the stored copy.</summary>
    [Fact]
    public void Pixel_data_that_are_a_sequence_are_refused_in_images_that_nothing_decodes_too()
    {
        var file = FuzzFile.Of(new CtImage().File());
        var bitsStored = file.Elements().Single(e => e.Tag == DicomTags.BitsStored);
        file.SetValue(bitsStored, file.Word(32));
        Assert.Equal("none", DicomReading.CheckedHeader(file.ToBytes()).Code());

        byte[] undefined = [0xFF, 0xFF, 0xFF, 0xFF];
        var pixels = file.Elements().Single(e => e.Tag == DicomTags.PixelData);
        file.Dataset.RemoveRange(pixels.Start, file.Dataset.Count - pixels.Start);
        file.Dataset.AddRange(
        [
            .. file.TagBytes(DicomTags.PixelData), .. "SQ\0\0"u8, .. undefined, .. file.TagBytes(DicomTags.Item), .. undefined,
            .. file.TagBytes(DicomTags.ItemDelimitation), 0, 0, 0, 0, .. file.TagBytes(DicomTags.SequenceDelimitation), 0, 0, 0, 0,
        ]);

        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.CheckedHeader(file.ToBytes()).Code());
    }

    [Fact]
    public void A_compressed_frame_of_another_size_than_the_headers_is_refused()
    {
        foreach (var seed in FuzzSeeds.Quick.Concat(FuzzSeeds.Slow))
        {
            var syntax = TransferSyntax.Find(DicomReading.Header(seed).Value.TransferSyntaxUid)!;
            if (!syntax.IsEncapsulated || !syntax.CanDecode)
            {
                continue;
            }

            foreach (var (rows, columns) in new[] { (15, 16), (16, 17), (4096, 4096), (1, 1) })
            {
                var file = FuzzFile.Of(seed);
                file.SetValue(file.Elements().Single(e => e.Tag == DicomTags.Rows), file.Word((ushort)rows));
                file.SetValue(file.Elements().Single(e => e.Tag == DicomTags.Columns), file.Word((ushort)columns));

                Bounded(() => Assert.Equal($"{FaultCodes.DicomMalformed} {syntax.Name}", $"{DicomReading.Hounsfield(file.ToBytes()).Code()} {syntax.Name}"), bytes: 80 << 20);
            }
        }
    }

    [Fact]
    public void Empty_fragments_change_nothing_and_items_beyond_their_sequence_are_refused()
    {
        var seed = new CtImage().File(TransferSyntax.RleLossless.Uid);
        var file = FuzzFile.Of(seed);
        var frame = file.Elements().Last(e => e.Tag == DicomTags.Item);
        byte[] empty = [.. file.TagBytes(DicomTags.Item), 0, 0, 0, 0];
        file.Dataset.InsertRange(frame.End, empty);
        file.Dataset.InsertRange(frame.Start, empty);

        Assert.Equal(DicomReading.Hounsfield(seed).Value, DicomReading.Hounsfield(file.ToBytes()).Value);

        foreach (var length in (uint[])[(uint)(frame.End - frame.Value) + 8, 0x7FFFFFFF, 0xFFFFFFFE, uint.MaxValue])
        {
            var overlapping = FuzzFile.Of(seed);
            overlapping.SetLength(frame, length);
            Bounded(() => Assert.Equal(FaultCodes.DicomMalformed, DicomReading.CheckedHeader(overlapping.ToBytes()).Code()));
        }
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0u)]
    public void A_contrast_agent_in_a_sequence_is_read_whether_its_item_states_a_length_or_not(uint length)
    {
        byte[] item = [0xFE, 0xFF, 0x00, 0xE0, .. BitConverter.GetBytes(length), .. length == 0 ? [] : (byte[])[0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0]];
        var file = CtImage.File(new CtImage().Dataset().Bytes(DicomTags.ContrastBolusAgentSequence, DicomVr.SQ, item));

        Assert.True(DicomReading.CheckedHeader(file).Value.HasContrastAgent);
        Assert.NotEmpty(DicomReading.Hounsfield(file).Value);
    }

    [Fact]
    public void A_hundred_thousand_images_are_planned_or_refused_within_seconds_whatever_they_are()
    {
        const int count = 100_000;
        var random = new Random(7);
        Dictionary<string, (DicomInstance[] Images, string Code)> studies = new()
        {
            ["one place"] = (Images(count, (i, k) => i with { ImagePositionLpsMm = new(0, 0, 0), Rows = 16, Columns = 16 }), FaultCodes.GeometryDuplicatePosition),
            ["a series each"] = (Images(count, (i, k) => i with { SeriesInstanceUid = $"1.{k}" }), FaultCodes.SeriesNoneEligible),
            ["too many voxels"] = (Images(count, (i, k) => i with { ImagePositionLpsMm = new(0, 0, k) }), FaultCodes.SeriesNoneEligible),
            ["scattered"] = (Images(count, (i, k) => i with { ImagePositionLpsMm = new(0, 0, (10 * k) + (9 * random.NextDouble())), Rows = 16, Columns = 16 }), FaultCodes.GeometryMissingSlice),
            ["one uid"] = (Images(count, (i, k) => i with { SopInstanceUid = "1.2", ImagePositionLpsMm = new(0, 0, k) }), FaultCodes.DicomMalformed),
            ["a patient each"] = (Images(count, (i, k) => i with { PatientId = $"{k}" }), FaultCodes.StudyMixed),
            ["acquisitions"] = (Images(count, (i, k) => i with { ImagePositionLpsMm = new(0, 0, k % 300), AcquisitionNumber = k, Rows = 16, Columns = 16 }), FaultCodes.GeometryDuplicatePosition),
        };

        Assert.All(studies, study => Bounded(() => Assert.Equal(study.Value.Code, SeriesCatalogue.Plan(study.Value.Images, null).Code()), bytes: 1 << 30));
    }

    private static DicomInstance[] Images(int count, Func<DicomInstance, int, DicomInstance> change)
    {
        var model = CtHeaders.Slice(0);
        return [.. Enumerable.Range(0, count).Select(k => change(model with { FileName = $"{k}", SopInstanceUid = $"1.2.{k}" }, k))];
    }

    private static void Refused(DicomTag tag, string value, string code) => Bounded(() =>
    {
        var outcome = SeriesCatalogue.Plan(Stack(d => d.Bytes(tag, DicomVr.DS, Ascii(value))), null);
        Assert.Equal(code, outcome.Code());
        Assert.NotEmpty(outcome.Fault!.Remedy);
    });

    private static List<DicomInstance> Stack(Action<DicomDataset> change, bool isChecked = true) =>
    [
        .. Enumerable.Range(0, 12).Select(k =>
        {
            var dataset = new CtImage { Index = k, Position = new Vector3D(-100, -120.5, 5 * k) }.Dataset();
            if (isChecked)
            {
                change(dataset);
                return DicomReading.CheckedHeader(CtImage.File(dataset)).Value;
            }

            // The writer refuses pixels of another size than the header's, so the header is changed in the file.
            var other = new DicomDataset();
            change(other);
            var file = FuzzFile.Of(CtImage.File(dataset));
            foreach (var element in other.Elements)
            {
                file.SetValue(file.Elements().Single(e => e.Tag == element.Tag), element.Value.ToArray());
            }

            return DicomReading.Header(file.ToBytes()).Value;
        }),
    ];

    private static byte[] WithPrefixOf(byte[] file, byte[] other)
    {
        var taken = FuzzFile.Of(file);
        taken.Prefix = FuzzFile.Of(other).Prefix;
        return taken.ToBytes();
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    /// <summary>Within seconds and without eating memory.</summary>
    private static void Bounded(Action action, long bytes = 16 << 20)
    {
        var (before, started) = (GC.GetAllocatedBytesForCurrentThread(), ProcessorTime.Now);
        action();
        Assert.InRange((ProcessorTime.Now - started).TotalSeconds, 0, MostSeconds);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes);
    }
}
