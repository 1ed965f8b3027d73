using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Studies;

namespace HemoApi.Tests.Studies;

/// <summary>What is decided from the directory and headers of the archive, before any entry is expanded.</summary>
public class ZipIntakeStructureTests
{
    private static readonly ZipIntakeForgedEntry Slice = new("IM1", "slice"u8.ToArray());

    [Theory]
    [InlineData("hello, this is not a zip")]
    [InlineData("x")]
    [InlineData("Rar!\u001a\u0007")]
    public void What_does_not_start_as_a_zip_is_invalid(string content) =>
        ZipIntakeProbe.Refuse(System.Text.Encoding.Latin1.GetBytes(content), FaultCodes.ZipInvalid);

    [Fact]
    public void A_hundred_thousand_entries_are_refused_at_once_and_as_many_as_are_allowed_are_read_within_seconds()
    {
        var slice = new IntakeSlice(0).ToFile();
        var tooMany = ZipIntakeForge.Zip(Enumerable.Range(0, 100_000).Select(i => new ZipIntakeForgedEntry($"{i}", [])));
        var most = ZipIntakeForge.Zip(Enumerable.Range(0, 20_000).Select(i => new ZipIntakeForgedEntry($"{i}", slice)));

        var started = Environment.CpuUsage.TotalTime;
        ZipIntakeProbe.Refuse(tooMany, FaultCodes.ZipUnsafe);
        Assert.InRange((Environment.CpuUsage.TotalTime - started).TotalSeconds, 0, 5);
        Assert.Contains("too few", ZipIntakeProbe.Refuse(most, FaultCodes.SeriesNoneEligible).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_cut_at_any_byte_is_truncated()
    {
        var zip = ZipIntakeForge.Zip([Slice, new("IM2", new byte[300])]);
        for (var length = 1; length < zip.Length; length++)
        {
            ZipIntakeProbe.Refuse(zip[..length], FaultCodes.UploadTruncated);
        }
    }

    [Fact]
    public void Bytes_after_the_end_or_before_the_start_are_invalid()
    {
        var zip = ZipIntakeForge.Zip([Slice]);
        ZipIntakeProbe.Refuse([.. zip, 0], FaultCodes.ZipInvalid);
        ZipIntakeProbe.Refuse([.. "MZ"u8, .. zip], FaultCodes.ZipInvalid);
    }

    [Fact]
    public void An_archive_comment_is_no_obstacle()
    {
        var zip = ZipIntakeForge.Zip([Slice], comment: "made by a PACS");
        ZipIntakeProbe.Refuse(zip, FaultCodes.DicomNone);
    }

    [Fact]
    public void An_archive_without_entries_has_no_DICOM() => ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([]), FaultCodes.DicomNone);

    [Theory]
    [InlineData("../IM1")]
    [InlineData("DICOM/../../IM1")]
    [InlineData("DICOM/..")]
    [InlineData("/etc/passwd")]
    [InlineData("C:/IM1")]
    [InlineData("c:IM1")]
    [InlineData("..\\IM1")]
    [InlineData("DICOM\\IM1")]
    [InlineData("IM1\0.dcm")]
    [InlineData("IM\n1")]
    [InlineData("")]
    public void Names_that_leave_the_archive_or_hide_something_are_unsafe(string name) =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Slice, new(name, [1])]), FaultCodes.ZipUnsafe);

    [Theory]
    [InlineData("a..b/IM1")]
    [InlineData("./DICOM/IM1")]
    [InlineData("Schädel/IM 1.dcm")]
    [InlineData("...")]
    public void Names_that_only_look_like_escapes_pass(string name) =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([new(name, [1])]), FaultCodes.DicomNone);

    [Fact]
    public void Deep_paths_and_long_names_are_unsafe_past_their_limits()
    {
        var limits = new IntakeOptions { MaxPathDepth = 3, MaxNameBytes = 10 };
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([new("a/b/c", [1])]), FaultCodes.DicomNone, limits);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([new("a/b/c/d", [1])]), FaultCodes.ZipUnsafe, limits);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([new("0123456789a", [1])]), FaultCodes.ZipUnsafe, limits);
    }

    [Theory]
    [InlineData("IM1", "IM1")]
    [InlineData("DICOM/IM1", "DICOM/./IM1")]
    [InlineData("DICOM/IM1", "DICOM//IM1")]
    public void Two_entries_of_one_path_are_unsafe(string first, string second) =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([new(first, [1]), new(second, [2])]), FaultCodes.ZipUnsafe);

    [Fact]
    public void Names_that_differ_in_case_alone_are_two_files() =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([new("IM1", [1]), new("im1", [2])]), FaultCodes.DicomNone);

    [Theory]
    [InlineData(0xA1FFu)] // symbolic link
    [InlineData(0x21B6u)] // character device
    [InlineData(0x61B6u)] // block device
    [InlineData(0x11B6u)] // pipe
    [InlineData(0xC1FFu)] // socket
    public void Links_and_devices_are_unsafe(uint unixMode) =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Slice with { ExternalAttributes = unixMode << 16 }]), FaultCodes.ZipUnsafe);

    [Theory]
    [InlineData(0x0001, 8)] // traditional
    [InlineData(0x0041, 8)] // strong
    [InlineData(0x2001, 8)] // masked headers
    [InlineData(0x0001, 99)] // AES
    public void Encrypted_entries_are_named_so(ushort flags, ushort method) =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Slice, new("IM2", [1]) { Flags = flags, Method = method, Packed = [1] }]), FaultCodes.ZipEncrypted);

    [Fact]
    public void More_entries_than_the_limit_are_unsafe_whether_or_not_the_end_record_can_count_them()
    {
        var many = Enumerable.Range(0, 70_000).Select(i => new ZipIntakeForgedEntry($"{i}", []) { Method = 0 }).ToArray();
        Assert.Contains("70000", ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(many, zip64: true), FaultCodes.ZipUnsafe).Detail, StringComparison.Ordinal);
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(many), FaultCodes.ZipUnsafe); // the 16-bit count wraps to 4464
    }

    [Fact]
    public void The_number_of_entries_is_refused_before_the_directory_is_read()
    {
        // A directory of garbage, 20,001 entries by its count: reading one entry would be zip.invalid.
        var zip = ZipIntakeForge.Zip([Slice], claimedCount: 20_001);
        ZipIntakeProbe.Refuse(zip, FaultCodes.ZipUnsafe);
    }

    [Fact]
    public void A_ZIP64_archive_is_read_like_any_other() =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Slice], zip64: true), FaultCodes.DicomNone);

    [Fact]
    public void A_count_that_hides_entries_is_unsafe() =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Slice, new("IM2", [1])], claimedCount: 1), FaultCodes.ZipUnsafe);

    [Fact]
    public void Entries_that_share_bytes_are_unsafe() =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Slice, Slice with { Name = "IM2", SharesBytesOf = 0 }]), FaultCodes.ZipUnsafe);

    [Fact]
    public void A_local_header_that_names_another_file_is_unsafe() =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Slice with { LocalName = "IM9" }]), FaultCodes.ZipUnsafe);

    [Fact]
    public void A_stored_entry_of_another_size_than_claimed_is_unsafe() =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip([Slice with { Method = 0, ClaimedBytes = 4 }]), FaultCodes.ZipUnsafe);

    [Fact]
    public void An_archive_that_claims_to_expand_past_the_ratio_is_unsafe_before_it_is_expanded()
    {
        var bomb = Enumerable.Range(0, 3).Select(i => Slice with { Name = $"{i}", ClaimedBytes = 2_000_000_000 });
        Assert.Contains("claims", ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(bomb), FaultCodes.ZipUnsafe).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_written_to_a_stream_that_cannot_seek_is_read()
    {
        // System.IO.Compression then leaves sizes and CRC to descriptors after the data.
        using var target = new MemoryStream();
        using (var zip = new ZipArchive(new UnseekableStream(target), ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("notes.txt").Open();
            entry.Write("no DICOM"u8);
        }

        ZipIntakeProbe.Refuse(target.ToArray(), FaultCodes.DicomNone);
    }

    private sealed class UnseekableStream(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
