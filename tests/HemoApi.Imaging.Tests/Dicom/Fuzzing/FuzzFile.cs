using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom.Fuzzing;

/// <summary>One attribute, item or delimiter of a data set as a mutator sees it: where its parts stand, whatever they mean.</summary>
/// <param name="Start">Of its tag, bytes from the start of the data set.</param>
/// <param name="LengthSize">2 or 4.</param>
/// <param name="Value">Where its value starts.</param>
/// <param name="End">Behind its value; of an undefined length, where its content starts.</param>
internal readonly record struct FuzzElement(DicomTag Tag, int Start, int LengthAt, int LengthSize, int Value, int End);

/// <summary>A file taken apart for mutation: what stands before the data set, and the data set inflated.</summary>
internal sealed class FuzzFile
{
    private const int MetaStart = 132;

    private FuzzFile(byte[] prefix, byte[] dataset, TransferSyntax syntax)
    {
        Prefix = prefix;
        Dataset = [.. dataset];
        Syntax = syntax;
    }

    /// <summary>Preamble, mark and meta header.</summary>
    public byte[] Prefix { get; set; }

    public List<byte> Dataset { get; set; }

    public TransferSyntax Syntax { get; }

    /// <param name="file">A valid one, with a meta header whose first attribute is its length.</param>
    public static FuzzFile Of(byte[] file)
    {
        var prefix = MetaStart + 12 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(MetaStart + 8));
        var syntax = TransferSyntaxIn(Encoding.ASCII.GetString(file.AsSpan(MetaStart, prefix - MetaStart)));
        return new(file[..prefix], syntax.IsDeflated ? Inflate(file.AsSpan(prefix)) : file[prefix..], syntax);
    }

    public byte[] ToBytes() => [.. Prefix, .. Syntax.IsDeflated ? Deflate([.. Dataset]) : [.. Dataset]];

    /// <summary>Every element that can be found without trusting more than one length at a time; content of undefined length too.</summary>
    public List<FuzzElement> Elements()
    {
        List<FuzzElement> found = [];
        var bytes = Dataset.ToArray().AsSpan();
        for (var at = 0; at + 8 <= bytes.Length;)
        {
            var tag = new DicomTag(Read16(bytes[at..]), Read16(bytes[(at + 2)..]));
            var hasVr = Syntax.IsExplicitVr && tag.Group != DicomTags.Item.Group;
            var isShort = hasVr && ((DicomVr)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + 4)..])).HasShortLength();
            if (hasVr && !isShort && at + 12 > bytes.Length)
            {
                break;
            }

            var (lengthAt, size) = !hasVr ? (at + 4, 4) : isShort ? (at + 6, 2) : (at + 8, 4);
            var length = size == 2 ? Read16(bytes[lengthAt..]) : Read32(bytes[lengthAt..]);
            var value = lengthAt + size;
            var end = length == uint.MaxValue ? value : (int)Math.Min(value + (long)length, bytes.Length);
            found.Add(new(tag, at, lengthAt, size, value, end));
            at = end;
        }

        return found;
    }

    public void SetLength(FuzzElement element, uint length)
    {
        var bytes = new byte[4];
        if (element.LengthSize == 2)
        {
            Write(bytes, (ushort)length);
        }
        else if (Syntax.IsBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, length);
        }

        for (var i = 0; i < element.LengthSize; i++)
        {
            Dataset[element.LengthAt + i] = bytes[i];
        }
    }

    /// <summary>Another value, with the length that belongs to it.</summary>
    public void SetValue(FuzzElement element, byte[] value)
    {
        SetLength(element, (uint)value.Length);
        Dataset.RemoveRange(element.Value, element.End - element.Value);
        Dataset.InsertRange(element.Value, value);
    }

    public byte[] Word(ushort value)
    {
        var bytes = new byte[2];
        Write(bytes, value);
        return bytes;
    }

    public byte[] TagBytes(DicomTag tag) => [.. Word(tag.Group), .. Word(tag.Element)];

    private static TransferSyntax TransferSyntaxIn(string meta)
    {
        const string head = "\u0002\0\u0010\0UI";
        var at = meta.IndexOf(head, StringComparison.Ordinal) + head.Length;
        return TransferSyntax.Find(meta.Substring(at + 2, meta[at]).TrimEnd('\0'))!;
    }

    private static byte[] Inflate(ReadOnlySpan<byte> bytes)
    {
        using var inflate = new DeflateStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        using var target = new MemoryStream();
        inflate.CopyTo(target);
        return target.ToArray();
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var deflate = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return target.ToArray();
    }

    private void Write(Span<byte> target, ushort value)
    {
        if (Syntax.IsBigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target, value);
        }
    }

    private ushort Read16(ReadOnlySpan<byte> bytes) =>
        Syntax.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint Read32(ReadOnlySpan<byte> bytes) =>
        Syntax.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
