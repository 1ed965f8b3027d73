using System.Text;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Tests.Dicom.Fuzzing;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>What is kept of a file: the image, and of the patient what the rules name. Canaries stand wherever someone could be named.</summary>
public class DicomCopyTests
{
    private const string Canary = "ZWIEBELKUCHEN";
    private const string CanaryDate = "19410203";

    /// <summary>Puts the canary into every text, date and UID that PS3.6 knows, at the top of the file and inside of a sequence, and into private attributes.
    /// Only what an image is (the attributes of the third argument) stays as it was.</summary>
    private const string PlantEverywhere =
        """
        import pydicom, sys, warnings
        from pydicom.datadict import DicomDictionary
        from pydicom.dataset import Dataset
        from pydicom.sequence import Sequence
        warnings.simplefilter('ignore')
        source, target, kept = sys.argv[1], sys.argv[2], {int(t, 16) for t in sys.argv[3].split(',')}
        canary, date = 'ZWIEBELKUCHEN', '19410203'
        values = {'PN': 'ZWIEBELKUCHEN^ERNA', 'DA': date, 'DT': date + '112233', 'TM': '112233', 'UI': '1.2.3.' + date, 'UR': 'http://ZWIEBELKUCHEN', 'AE': canary, 'CS': canary,
                  'LO': canary, 'SH': canary, 'LT': canary, 'ST': canary, 'UT': canary, 'UC': canary}
        d = pydicom.dcmread(source)
        def plant(target):
            planted = 0
            for tag, (vr, vm, name, retired, keyword) in DicomDictionary.items():
                if vr in values and tag not in kept and tag >> 16 not in (0x0000, 0x0002, 0x0004):
                    target.add_new(tag, vr, values[vr])
                    planted += 1
            return planted
        item = Dataset()
        planted = plant(d)
        plant(item)
        for sequence in (0x00081140, 0x00400275, 0x00101002, 0x52009229, 0x52009230, 0x00289110, 0x00180012, 0x00209170):
            nested = Dataset(); plant(nested); nested.add_new(0x00400275, 'SQ', Sequence([item]))
            d.add_new(sequence, 'SQ', Sequence([nested]))
        block = d.private_block(0x0009, 'ZWIEBELKUCHEN 1', create=True)
        block.add_new(0x01, 'LO', canary); block.add_new(0x02, 'UN', canary.encode()); block.add_new(0x03, 'OB', canary.encode() + b' ')
        d.add_new(0x60003000, 'OB', canary.encode() + b' ')
        d.add_new(0x00420011, 'OB', canary.encode() + b' ')
        d.add_new(0xFFFCFFFC, 'OB', canary.encode() + b' ')
        d.preamble = (canary * 10).encode()[:128]
        d.file_meta.SourceApplicationEntityTitle = canary
        d.save_as(target)
        print(planted)
        """;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, FuzzSeeds.Quick.Count + FuzzSeeds.Slow.Count)];

    private static readonly Pseudonyms Key = new(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_name_in_any_attribute_of_the_standard_or_a_private_one_is_not_in_the_copy(bool isBasic)
    {
        ExternalTools.RequirePython("pydicom");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.dcm"], new CtImage().File());
        var image = string.Join(',', DicomHeader.Wanted.Keys.Select(tag => tag.Code.ToString("x8")));
        var planted = int.Parse(ExternalTools.Python(PlantEverywhere, folder["a.dcm"], folder["b.dcm"], image));
        var original = File.ReadAllBytes(folder["b.dcm"]);
        Assert.True(planted > 1500, $"{planted} planted");

        var copy = Copy(original, isBasic ? new(Key, DateRule.Remove) : IdentityRules.Minimal);

        Assert.True(Contains(original, Canary) && Contains(original, CanaryDate));
        Assert.False(Contains(copy, Canary) || Contains(copy, CanaryDate));
        Assert.Null(DicomReading.Hounsfield(original).Fault);
        Assert.Null(DicomReading.Hounsfield(copy).Fault);
        Assert.Equal(DicomReading.Hounsfield(original).Value, DicomReading.Hounsfield(copy).Value);
    }

    [Fact]
    public void Every_attribute_that_is_kept_was_judged()
    {
        // Free text and identifiers among them, and dates, are what the rules treat by name; the rest describes the image. Who adds one decides here too.
        DicomTag[] treated =
        [
            DicomTags.PatientId, DicomTags.StudyDate, DicomTags.StudyTime, DicomTags.SeriesDescription, DicomTags.ContrastBolusAgent, DicomTags.SopInstanceUid,
            DicomTags.StudyInstanceUid, DicomTags.SeriesInstanceUid, DicomTags.FrameOfReferenceUid,
        ];
        DicomTag[] harmless = [DicomTags.SopClassUid, DicomTags.ConvolutionKernel, DicomTags.RescaleType];
        DicomVr[] describing = [DicomVr.CS, DicomVr.DS, DicomVr.IS, DicomVr.US, DicomVr.UL];

        Assert.All(DicomHeader.Wanted, wanted => Assert.True(
            describing.Contains(wanted.Value) || treated.Contains(wanted.Key) || harmless.Contains(wanted.Key), $"{wanted.Key} is not judged"));
        Assert.All(treated, tag => Assert.NotEqual(
            "ORIGINAL", Encoding.ASCII.GetString(new IdentityRules(Key, DateRule.Remove).Apply(tag, "ORIGINAL"u8.ToArray(), DicomReading.Header(new CtImage().File()).Value) ?? [])));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_copy_in_any_encoding_has_the_same_header_and_the_same_hounsfield_values(int seed)
    {
        var original = FuzzSeeds.Quick.Concat(FuzzSeeds.Slow).ElementAt(seed);
        var copy = Copy(original, IdentityRules.Minimal);

        Assert.Equal(Comparable(original), Comparable(copy));
        if (TransferSyntax.Find(DicomReading.Header(original).Value.TransferSyntaxUid)!.CanDecode)
        {
            Assert.Equal(DicomReading.Hounsfield(original).Value, DicomReading.Hounsfield(copy).Value);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("legacy implicit")]
    [InlineData("big")]
    [InlineData("undefined unknown")]
    [InlineData("rle eot")]
    public void A_multi_frame_file_is_copied_with_what_its_frames_say(string options)
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], options);
        var original = File.ReadAllBytes(folder["a.dcm"]);
        File.WriteAllBytes(folder["b.dcm"], Copy(original, new(Key, DateRule.Remove)));

        Assert.False(Contains(File.ReadAllBytes(folder["b.dcm"]), "Phantom"));
        Assert.Equal(Volume(folder["a.dcm"]), Volume(folder["b.dcm"]));

        static short[] Volume(string path)
        {
            var plan = SeriesCatalogue.Plan([DicomReading.CheckedHeader(File.ReadAllBytes(path)).Value], null).Value;
            return CtVolumeReader.Read(plan, _ => new ForwardOnlyStream(File.ReadAllBytes(path)), null, TestContext.Current.CancellationToken).Value.Hounsfield;
        }
    }

    [Fact]
    public void A_description_that_speaks_of_contrast_is_gone_and_its_meaning_stays()
    {
        var file = CtImage.File(new CtImage().Dataset().Text(DicomTags.SeriesDescription, DicomVr.LO, "CTA Kopf"));

        Assert.True(Basic(file, Key).HasContrastAgent);
    }

    [Fact]
    public void Comments_in_front_of_compressed_samples_are_blanked_and_the_samples_stay()
    {
        foreach (var seed in FuzzSeeds.Quick.Concat(FuzzSeeds.Slow).Where(s => TransferSyntax.Find(DicomReading.Header(s).Value.TransferSyntaxUid)!.Codec is PixelCodec.Jpeg or PixelCodec.Gdcm))
        {
            var start = IndexOf(seed, [0xFF, 0xD8, 0xFF]) is var jpeg and > 0 ? jpeg : IndexOf(seed, [0xFF, 0x4F, 0xFF]);
            var isJpeg2000 = seed[start + 1] == 0x4F;
            var at = isJpeg2000 ? IndexOf(seed, [0xFF, 0x52]) : start + 2;
            byte[] text = [.. "ZWIEBELKUCHEN"u8, (byte)' '];
            byte[] comment = isJpeg2000 ? [0xFF, 0x64, 0, (byte)(text.Length + 4), 0, 1, .. text] : [0xFF, 0xFE, 0, (byte)(text.Length + 2), .. text];
            byte[] application = isJpeg2000 ? [] : [0xFF, 0xE5, 0, (byte)(text.Length + 2), .. text];
            byte[] named = [.. seed[..at], .. comment, .. application, .. seed[at..]];
            BitConverter.GetBytes(BitConverter.ToInt32(named, start - 4) + comment.Length + application.Length).CopyTo(named, start - 4);

            var copy = Copy(named, IdentityRules.Minimal);

            Assert.True(Contains(named, Canary));
            Assert.False(Contains(copy, Canary));
            if (TransferSyntax.Find(DicomReading.Header(named).Value.TransferSyntaxUid)!.CanDecode)
            {
                Assert.Equal(DicomReading.Hounsfield(seed).Value, DicomReading.Hounsfield(copy).Value);
            }
        }
    }

    [Theory]
    [InlineData(12, 11, false)]
    [InlineData(12, 11, true)]
    [InlineData(10, 12, true)]
    [InlineData(16, 15, true)]
    public void Bits_beside_the_stored_ones_are_blanked_and_the_values_stay(int bitsStored, int highBit, bool isSigned)
    {
        var image = new CtImage { BitsStored = bitsStored, HighBit = highBit, IsSigned = isSigned };
        foreach (var syntax in (TransferSyntax[])[TransferSyntax.ExplicitLittleEndian, TransferSyntax.ImplicitLittleEndian, TransferSyntax.ExplicitBigEndian])
        {
            var original = image.File(syntax.Uid);
            var copy = Copy(original, IdentityRules.Minimal);

            Assert.Equal(DicomReading.Hounsfield(original).Value, DicomReading.Hounsfield(copy).Value);
            Assert.All(Words(copy), word => Assert.Equal(0, word & ((1 << (highBit + 1 - bitsStored)) - 1)));
            Assert.All(Words(copy), word => Assert.Contains(word >> (highBit + (isSigned ? 0 : 1)), isSigned ? [0, (1 << (16 - highBit)) - 1] : (int[])[0]));
        }
    }

    [Fact]
    public void What_is_no_slice_is_copied_without_its_pixels()
    {
        var screenshot = CtImage.File(new CtImage().Dataset().Uid(DicomTags.SopClassUid, "1.2.840.10008.5.1.4.1.1.7"));
        var scout = CtImage.File(new CtImage().Dataset().Text(DicomTags.ImageType, DicomVr.CS, "ORIGINAL", "PRIMARY", "LOCALIZER"));

        Assert.All(new[] { screenshot, scout }, file => Assert.False(DicomReading.CheckedHeader(Copy(file, IdentityRules.Minimal)).Value.HasPixelData));
    }

    [Fact]
    public void The_basic_profile_gives_pseudonyms_that_hold_within_a_tenant_and_say_nothing_to_another()
    {
        var original = new CtImage().File();
        var (first, again, other) = (Basic(original, Key), Basic(new CtImage { Index = 1 }.File(), Key), Basic(original, new Pseudonyms(new byte[32])));

        Assert.Matches("^[0-9a-f]{32}$", first.PatientId);
        Assert.Equal((first.PatientId, first.StudyInstanceUid, first.SeriesInstanceUid, first.FrameOfReferenceUid), (again.PatientId, again.StudyInstanceUid, again.SeriesInstanceUid, again.FrameOfReferenceUid));
        Assert.NotEqual(first.SopInstanceUid, again.SopInstanceUid);
        string?[] values = [first.PatientId, first.StudyInstanceUid, first.SeriesInstanceUid, first.FrameOfReferenceUid, first.SopInstanceUid];
        string?[] others = [other.PatientId, other.StudyInstanceUid, other.SeriesInstanceUid, other.FrameOfReferenceUid, other.SopInstanceUid];
        Assert.Empty(values.Intersect(others));
        Assert.Null(first.SeriesDescription);
        Assert.Null(first.StudyDateTime);
        Assert.Equal(Key.PatientId("PHANTOM"), first.PatientId);
        Assert.Equal(Key.Uid(DicomUid.FromSeed("study")), first.StudyInstanceUid);
    }

    [Fact]
    public void Dates_are_kept_or_moved_by_the_same_days_for_every_image_of_a_patient()
    {
        var kept = Basic(new CtImage().File(), Key, DateRule.Keep);
        var moved = Basic(new CtImage().File(), Key, DateRule.Shift);
        var later = Basic(CtImage.File(new CtImage().Dataset().Text(DicomTags.StudyDate, DicomVr.DA, "20240310")), Key, DateRule.Shift);
        var someoneElse = Basic(CtImage.File(new CtImage().Dataset().Text(DicomTags.PatientId, DicomVr.LO, "OTHER")), Key, DateRule.Shift);

        Assert.Equal(new DateTime(2024, 2, 29, 13, 45, 2), kept.StudyDateTime);
        Assert.Equal(TimeSpan.FromDays(10), later.StudyDateTime - moved.StudyDateTime);
        Assert.InRange((kept.StudyDateTime - moved.StudyDateTime)!.Value.TotalDays, 1, Pseudonyms.MostDays);
        Assert.Equal(new TimeSpan(13, 45, 2), moved.StudyDateTime!.Value.TimeOfDay);
        Assert.NotEqual(moved.StudyDateTime, someoneElse.StudyDateTime);
    }

    [Fact]
    public void An_agent_is_known_of_but_not_named()
    {
        var named = CtImage.File(new CtImage().Dataset().Text(DicomTags.ContrastBolusAgent, DicomVr.LO, Canary));
        var none = CtImage.File(new CtImage().Dataset().Text(DicomTags.ContrastBolusAgent, DicomVr.LO, "NONE"));

        Assert.True(Basic(named, Key).HasContrastAgent);
        Assert.False(Contains(Copy(named, new(Key, DateRule.Remove)), Canary));
        Assert.False(Basic(none, Key).HasContrastAgent);
    }

    [Fact]
    public void Pydicom_finds_the_marks_of_the_profile_and_the_same_pixels()
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.dcm"], new CtImage { Rows = 33, Columns = 7 }.File(TransferSyntax.DeflatedExplicitLittleEndian.Uid));
        File.WriteAllBytes(folder["b.dcm"], Copy(File.ReadAllBytes(folder["a.dcm"]), new(Key, DateRule.Shift)));

        var output = ExternalTools.Python(
            """
            import sys, pydicom
            a, b = pydicom.dcmread(sys.argv[1]), pydicom.dcmread(sys.argv[2])
            assert (a.pixel_array == b.pixel_array).all()
            print(b.PatientIdentityRemoved, [c.CodeValue for c in b.DeidentificationMethodCodeSequence], b.LongitudinalTemporalInformationModified,
                  repr(str(b.PatientName)), b.file_meta.TransferSyntaxUID.name, b.file_meta.MediaStorageSOPInstanceUID == b.SOPInstanceUID != a.SOPInstanceUID, bool(b.dir('Description')))
            """,
            folder["a.dcm"],
            folder["b.dcm"]);

        Assert.Equal("YES ['113100', '113107'] MODIFIED '' Explicit VR Little Endian True False", output.Trim());
    }

    private static DicomInstance Basic(byte[] original, Pseudonyms key, DateRule dates = DateRule.Remove) =>
        DicomReading.CheckedHeader(Copy(original, new(key, dates))).Value;

    private static byte[] Copy(byte[] original, IdentityRules rules)
    {
        using var copy = new MemoryStream();
        Assert.Null(DicomCopy.Write(new ForwardOnlyStream(original), copy, DicomReading.CheckedHeader(original).Value, rules));
        return copy.ToArray();
    }

    private static DicomInstance Comparable(byte[] file) => DicomReading.CheckedHeader(file).Value with { TransferSyntaxUid = string.Empty, ImageType = [], Frames = [] };

    private static bool Contains(byte[] file, string text) => file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    private static int IndexOf(byte[] file, ReadOnlySpan<byte> mark) => file.AsSpan().IndexOf(mark);

    /// <summary>The pixels of an explicit little endian file whose pixel data come last.</summary>
    private static IEnumerable<ushort> Words(byte[] file)
    {
        var at = IndexOf(file, [0xE0, 0x7F, 0x10, 0x00]) + 12;
        return Enumerable.Range(0, (file.Length - at) / 2).Select(i => BitConverter.ToUInt16(file, at + (2 * i)));
    }
}
