using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Studies;

namespace HemoApi.Tests.Studies;

/// <summary>What shows only when entries are expanded.</summary>
public class ZipIntakeContentTests
{
    private static readonly ZipIntakeForgedEntry Note = new("note.txt", [.. Enumerable.Range(0, 1000).Select(i => (byte)('a' + (i * i % 26)))]);

    [Fact]
    public void A_flat_bomb_is_unsafe_by_its_claims()
    {
        var bomb = new ZipIntakeForgedEntry("zeros", new byte[64 << 20]);
        Assert.Contains("claims", ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([bomb]), FaultCodes.ZipUnsafe).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_bomb_that_claims_to_be_small_is_stopped_while_it_expands()
    {
        var bomb = new ZipIntakeForgedEntry("zeros", new byte[64 << 20]) { ClaimedBytes = 10, ClaimedCrc = 0 };
        var detail = ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([bomb]), FaultCodes.ZipUnsafe).Detail;
        Assert.Contains("expands to more than", detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Deflated_data_sets_in_a_deflated_archive_are_counted_against_the_same_limit()
    {
        // 1024 × 1024 blank pixels of 16 bits: 2 MiB in the data set, about 2 KiB in the file, less in the archive.
        static IEnumerable<ZipIntakeForgedEntry> Blank(int count) => Enumerable.Range(0, count).Select(i =>
            new IntakeSlice(i) { Size = 1024, IsBlank = true, Syntax = TransferSyntax.DeflatedExplicitLittleEndian }.ToEntry());
        Assert.All(Blank(1), entry => Assert.InRange(entry.Data.Length, 1000, 4000));

        Assert.Null(ZipIntakeProbe.Examine(ZipIntakeForge.Zip(Blank(15))).Fault);
        var detail = ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(Blank(17)), FaultCodes.ZipUnsafe).Detail;
        Assert.Contains($"{32 << 20} bytes", detail, StringComparison.Ordinal);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(Blank(15)), FaultCodes.ZipUnsafe, new IntakeOptions { MaxExpandedBytes = 29 << 20 });
    }

    [Fact]
    public void One_entry_larger_than_an_entry_may_be_is_unsafe_claimed_or_not()
    {
        var limits = new IntakeOptions { MaxEntryBytes = 999 };
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note]), FaultCodes.ZipUnsafe, limits);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note with { ClaimedBytes = 10, ClaimedCrc = 0 }]), FaultCodes.ZipUnsafe, limits);
    }

    [Fact]
    public void Blank_slices_pass_the_ratio_while_the_whole_is_small()
    {
        var blank = Enumerable.Range(0, 30).Select(i => new ZipIntakeForgedEntry($"{i}", new byte[512 * 512 * 2]));
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(blank), FaultCodes.DicomNone);
    }

    [Theory]
    [InlineData(999u)]
    [InlineData(1001u)]
    public void A_forged_size_is_unsafe(uint claimed) =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note with { ClaimedBytes = claimed }]), FaultCodes.ZipUnsafe);

    [Fact]
    public void An_archive_in_the_archive_is_unsafe_whatever_its_name()
    {
        var inner = ZipIntakeForge.Zip([Note]);
        var levels = ZipIntakeForge.Zip(Enumerable.Range(0, 16).Select(i => new ZipIntakeForgedEntry($"lib {i}.zip", inner)));
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([new("IM1.dcm", levels)]), FaultCodes.ZipUnsafe);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([new("__MACOSX/IM1", inner)]), FaultCodes.ZipUnsafe);
    }

    public static TheoryData<string, byte[]> Archives => new()
    {
        { "gzip", Gzip() },
        { "tar", Tar() },
        { "7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4] },
        { "rar 4", [.. "Rar!\u001a\u0007\0"u8] },
        { "rar 5", [.. "Rar!\u001a\u0007\u0001\0"u8] },
        { "bzip2", [.. "BZh91AY&SY"u8] },
        { "xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0] },
        { "zstd", [0x28, 0xB5, 0x2F, 0xFD] },
        { "empty zip", ZipIntakeForge.Zip([]) },
    };

    [Theory]
    [MemberData(nameof(Archives))]
    public void Every_kind_of_archive_is_unsafe_inside(string kind, byte[] content) =>
        Assert.Contains("archive itself", ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note, new(kind, content)]), FaultCodes.ZipUnsafe).Detail, StringComparison.Ordinal);

    [Fact]
    public void An_archive_of_damaged_files_alone_is_corrupt()
    {
        var packed = Note.Pack();
        packed[packed.Length / 2] ^= 0xFF;
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note with { ClaimedCrc = 1 }]), FaultCodes.ZipCorrupt);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note with { Packed = packed }]), FaultCodes.ZipCorrupt);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note with { Packed = packed[..4] }]), FaultCodes.ZipCorrupt);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note with { Packed = [] }]), FaultCodes.ZipCorrupt);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note with { Method = 14, Packed = [1, 2, 3] }]), FaultCodes.ZipCorrupt); // LZMA
    }

    [Fact]
    public void A_DICOM_file_that_is_a_program_too_condemns_the_whole_archive()
    {
        var slices = IntakeSlice.Stack();
        "MZ"u8.CopyTo(slices[3].Data);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(slices), FaultCodes.DicomPolyglot);
        "PK\u0003\u0004"u8.CopyTo(slices[3].Data);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(slices), FaultCodes.DicomPolyglot);
    }

    [Fact]
    public void Malformed_DICOM_alone_is_named_so()
    {
        var slices = IntakeSlice.Stack(3).Select(s => s with { Data = s.Data[..400] });
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(slices), FaultCodes.DicomMalformed);
    }

    [Fact]
    public void Without_a_DICOM_file_there_is_nothing_to_segment() =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Note, new("report.pdf", "%PDF-1.7 and so on"u8.ToArray()), new("empty", [])]), FaultCodes.DicomNone);

    private static byte[] Gzip()
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("content"u8);
        }

        return target.ToArray();
    }

    private static byte[] Tar()
    {
        using var target = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(target, leaveOpen: true))
        {
            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "a") { DataStream = new MemoryStream([1]) });
        }

        return target.ToArray();
    }
}
