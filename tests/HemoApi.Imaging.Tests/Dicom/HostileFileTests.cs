using System.Diagnostics;
using System.IO.Compression;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Whatever bytes come: a value or a fault, soon, and without eating memory.</summary>
public class HostileFileTests
{
    private static readonly byte[] UndefinedSequence = [0x40, 0x00, 0x75, 0x02, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] UndefinedItem = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] ItemEnd = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0];
    private static readonly byte[] SequenceEnd = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];

    public static TheoryData<string> AllSyntaxes => DicomFileWriterTests.WritableSyntaxes;

    [Fact]
    public void Sequences_nested_a_few_deep_are_passed_over_and_ten_thousand_deep_are_refused()
    {
        Assert.Equal("none", DicomReading.CheckedHeader(WithBeforePixels(Nested(20 / 2))).Code());
        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Header(WithBeforePixels(Nested(10_000))).Code());
    }

    [Fact]
    public void Sequences_of_defined_length_icons_and_unknown_vr_are_passed_over()
    {
        byte[] definedSequence = [0x40, 0x00, 0x75, 0x02, (byte)'S', (byte)'Q', 0, 0, 8, 0, 0, 0, 0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0];
        byte[] fragmentsInItem =
        [
            .. UndefinedSequence, .. UndefinedItem,
            0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
            0xFE, 0xFF, 0x00, 0xE0, 2, 0, 0, 0, 0xFE, 0xFF,
            .. SequenceEnd, .. ItemEnd, .. SequenceEnd,
        ];

        // UN of undefined length holds implicit VR (PS3.5 6.2.2): here (0040,0009) of 2 bytes.
        byte[] unknown =
        [
            0x40, 0x00, 0x75, 0x02, (byte)'U', (byte)'N', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. UndefinedItem,
            0x40, 0x00, 0x09, 0x00, 2, 0, 0, 0, (byte)'4', (byte)'2', .. ItemEnd, .. SequenceEnd,
        ];

        foreach (var inserted in (byte[][])[definedSequence, fragmentsInItem, unknown])
        {
            Assert.Equal("none", DicomReading.CheckedHeader(WithBeforePixels(inserted)).Code());
        }
    }

    [Fact]
    public void Delimiters_and_items_in_wrong_places_are_refused()
    {
        byte[][] wrong =
        [
            SequenceEnd,
            ItemEnd,
            UndefinedItem,
            [.. UndefinedSequence, .. ItemEnd],
            [.. UndefinedSequence, .. UndefinedItem, .. SequenceEnd],
            [.. UndefinedSequence, .. UndefinedSequence],
            [0x40, 0x00, 0x75, 0x02, (byte)'U', (byte)'T', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x40, 0x00, 0x75, 0x02, 0, 0, 0, 0],
        ];

        foreach (var inserted in wrong)
        {
            Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Header(WithBeforePixels(inserted)).Code());
        }
    }

    [Theory]
    [InlineData(0xFFFFFFFEu)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x00100000u)]
    public void A_length_beyond_the_end_costs_nothing_and_is_refused(uint length)
    {
        byte[] private_ = [0x43, 0x00, 0x10, 0x10, (byte)'O', (byte)'B', 0, 0, .. BitConverter.GetBytes(length)];
        byte[] wanted = [0x20, 0x00, 0x32, 0x00, (byte)'U', (byte)'N', 0, 0, .. BitConverter.GetBytes(length)];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Header(WithBeforePixels(private_)).Code());
        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Header(WithBeforePixels(wanted)).Code());

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Endless_attributes_end_at_a_limit()
    {
        byte[] empty = [0x43, 0x00, 0x10, 0x10, (byte)'L', (byte)'O', 0, 0];
        var many = new byte[empty.Length * (ElementReader.MaximumElements + 1)];
        for (var i = 0; i < many.Length; i++)
        {
            many[i] = empty[i % empty.Length];
        }

        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Header(WithBeforePixels(many)).Code());
    }

    [Fact]
    public void More_than_the_limit_before_the_pixels_is_refused_but_pixels_of_many_frames_may_be_longer()
    {
        const int length = (int)ElementReader.MaximumHeaderBytes + 2;
        byte[] privateBlob = [0x43, 0x00, 0x10, 0x10, (byte)'O', (byte)'B', 0, 0, .. BitConverter.GetBytes(length), .. new byte[length]];
        var file = WithBeforePixels([0x28, 0x00, 0x08, 0x00, (byte)'I', (byte)'S', 2, 0, (byte)'9', (byte)'9']);
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W']);
        byte[] manyFrames = [.. file[..(at + 8)], .. BitConverter.GetBytes(length), .. new byte[length]];

        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.Header(WithBeforePixels(privateBlob)).Code());
        Assert.Equal(99, DicomReading.CheckedHeader(manyFrames).Value.NumberOfFrames);
        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.CheckedHeader(manyFrames[..^1]).Code());
    }

    [Fact]
    public void Rows_and_columns_whose_product_overflows_are_refused()
    {
        var dataset = new CtImage().Dataset();
        var file = CtImage.File(dataset);
        Overwrite(file, DicomTags.Rows, 0xFFFF);
        Overwrite(file, DicomTags.Columns, 0xFFFF);

        var image = DicomReading.Header(file).Value;

        Assert.NotNull(PixelFormat.Problem(image));
    }

    [Theory]
    [MemberData(nameof(AllSyntaxes))]
    public void A_file_cut_anywhere_gives_a_fault_or_a_header_but_never_pixels(string syntax)
    {
        var file = new CtImage { Rows = 5, Columns = 3 }.File(syntax);
        var complete = DicomReading.Hounsfield(file).Value;
        for (var length = 0; length < file.Length; length++)
        {
            var cut = file[..length];
            var outcome = DicomReading.CheckedHeader(cut);
            var pixels = DicomReading.Hounsfield(cut);

            // What a cut may cost without loss: the end marker of the fragments, the padding byte, the last bytes of a deflate stream.
            var lacksOnlyTheEnd = length >= file.Length - 12;
            Assert.True(lacksOnlyTheEnd || outcome.Fault is not null || !outcome.Value.HasPixelData, $"cut at {length}");
            Assert.True(pixels.Fault is not null || (lacksOnlyTheEnd && pixels.Value.AsSpan().SequenceEqual(complete)), $"cut at {length}");
        }
    }

    [Theory]
    [MemberData(nameof(AllSyntaxes))]
    public void Mutated_files_never_throw_hang_or_eat_memory(string syntax)
    {
        const int mutants = 2_000;
        var seedFile = new CtImage { Rows = 16, Columns = 16 }.File(syntax);
        var random = new Random(20240229);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var slowest = TimeSpan.Zero;
        var refused = 0;
        for (var i = 0; i < mutants; i++)
        {
            var mutant = Mutate(seedFile, random);
            var (isRefused, time) = ReadTimed(mutant);
            if (time > TimeSpan.FromSeconds(1))
            {
                // Once more: a busy machine may have held it up.
                time = ReadTimed(mutant).Time;
            }

            slowest = time > slowest ? time : slowest;
            refused += isRefused ? 1 : 0;
        }

        Assert.True(slowest < TimeSpan.FromSeconds(1), $"slowest {slowest}");
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / mutants, 0, 4 << 20);
        Assert.InRange(refused, mutants / 10, mutants);
    }

    [Fact]
    public void A_deflate_bomb_is_refused_before_it_expands()
    {
        var file = new CtImage().File(TransferSyntax.DeflatedExplicitLittleEndian.Uid);
        var metaEnd = 144 + BitConverter.ToInt32(file, 140);
        using var bomb = new MemoryStream();
        bomb.Write(file.AsSpan(0, metaEnd));
        using (var deflate = new DeflateStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            // A private attribute of 1 GiB of zeros.
            deflate.Write([0x09, 0x00, 0x10, 0x10, (byte)'O', (byte)'B', 0, 0, 0, 0, 0, 0x40]);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 1024; i++)
            {
                deflate.Write(zeros);
            }
        }

        bomb.Position = 0;
        Assert.InRange(bomb.Length, 512 * 1024, 2 << 20);
        Assert.Equal(FaultCodes.DicomMalformed, DicomHeaderReader.Read(bomb, "a.dcm").Code());
        Assert.InRange(bomb.Position, 0, 64 * 1024);
    }

    private static (bool IsRefused, TimeSpan Time) ReadTimed(byte[] file)
    {
        var watch = Stopwatch.StartNew();
        var header = DicomReading.CheckedHeader(file);
        var pixels = DicomReading.Hounsfield(file);
        return (header.Fault is not null || pixels.Fault is not null, watch.Elapsed);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var mutant = new List<byte>(original);
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(mutant.Count);
            switch (random.Next(6))
            {
                case 0:
                    mutant[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 2:
                    for (var i = at; i < Math.Min(at + 4, mutant.Count); i++)
                    {
                        mutant[i] = 0xFF;
                    }

                    break;
                case 3:
                    mutant.RemoveRange(at, Math.Min(random.Next(1, 32), mutant.Count - at));
                    break;
                case 4:
                    mutant.InsertRange(at, mutant.GetRange(random.Next(mutant.Count / 2), Math.Min(64, mutant.Count / 2)));
                    break;
                default:
                    mutant.RemoveRange(at, mutant.Count - at);
                    break;
            }

            if (mutant.Count == 0)
            {
                break;
            }
        }

        return [.. mutant];
    }

    private static byte[] Nested(int depth)
    {
        List<byte> bytes = [];
        for (var i = 0; i < depth; i++)
        {
            bytes.AddRange(UndefinedSequence);
            bytes.AddRange(UndefinedItem);
        }

        for (var i = 0; i < depth; i++)
        {
            bytes.AddRange(ItemEnd);
            bytes.AddRange(SequenceEnd);
        }

        return [.. bytes];
    }

    /// <summary>The bytes of extra attributes between the header and the pixel data of an explicit little endian file.</summary>
    private static byte[] WithBeforePixels(byte[] inserted)
    {
        var file = new CtImage().File();
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W']);
        return [.. file[..at], .. inserted, .. file[at..]];
    }

    private static void Overwrite(byte[] file, DicomTag tag, ushort value)
    {
        byte[] head = [(byte)tag.Group, (byte)(tag.Group >> 8), (byte)tag.Element, (byte)(tag.Element >> 8), (byte)'U', (byte)'S'];
        var at = file.AsSpan().IndexOf(head);
        BitConverter.GetBytes(value).CopyTo(file, at + 8);
    }
}
