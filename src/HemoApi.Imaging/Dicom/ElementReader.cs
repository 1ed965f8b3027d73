using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>The head of one attribute: everything before its value (PS3.5 section 7.1).</summary>
/// <param name="Offset">Where the head starts, in bytes from the start of the file (of the inflated data set where it was deflated).</param>
internal readonly record struct ElementHead(DicomTag Tag, DicomVr Vr, uint Length, long Offset)
{
    public bool HasUndefinedLength => Length == uint.MaxValue;
}

/// <summary>Steps through the attributes of a data set. Work is bounded by the limits here and by the bytes that are there;
/// nesting is followed with a counter, not by recursion.</summary>
internal sealed class ElementReader(ByteSource source, TransferSyntax syntax)
{
    public const int MaximumDepth = 32;
    public const int MaximumElements = 200_000;

    /// <summary>All attributes before the pixel data; multi-megabyte private attributes exist, hundreds of them do not.</summary>
    public const long MaximumHeaderBytes = 64L << 20;

    private int _elements;
    private long _limit = MaximumHeaderBytes;

    public ByteSource Source => source;

    public TransferSyntax Syntax => syntax;

    /// <summary>The next head; null at a clean end of the data.</summary>
    public Fault? Next(out ElementHead? head) => Next(syntax, out head);

    /// <summary>Steps through a data set up to its pixel data.</summary>
    /// <param name="read">Reads or skips the value of each attribute.</param>
    /// <param name="pixelData">The head of (7FE0,0010), whose value comes next; null where there is none.</param>
    public Fault? ReadToPixelData(Func<ElementHead, Fault?> read, out ElementHead? pixelData)
    {
        pixelData = null;
        while (true)
        {
            var fault = Next(out var next);
            if (fault is not null || next is not { } head)
            {
                return fault;
            }

            if (head.Tag == DicomTags.PixelData)
            {
                pixelData = head;
                return null;
            }

            if (head.Tag.Code >= DicomTags.FloatPixelData.Code && head.Tag.Group != DicomTags.Item.Group)
            {
                return null;
            }

            fault = read(head);
            if (fault is not null)
            {
                return fault;
            }
        }
    }

    /// <summary>Passes over a value, nested ones of undefined length too.</summary>
    public Fault? Skip(ElementHead head) => Skip(head, syntax);

    /// <param name="encoding">Of the data set that the value stands in.</param>
    public Fault? Skip(ElementHead head, TransferSyntax encoding)
    {
        if (!head.HasUndefinedLength)
        {
            return SkipBytes(head, head.Length);
        }

        var isItem = head.Tag == DicomTags.Item;
        if (!isItem && !MayHaveUndefinedLength(head, encoding))
        {
            return DicomFaults.Malformed("an attribute of this VR has no length", head.Tag, head.Offset);
        }

        // A value of VR UN and undefined length is a sequence in implicit VR little endian (PS3.5 6.2.2 note 2).
        var open = new Container[MaximumDepth];
        var depth = 1;
        open[0] = new Container(IsSequence: !isItem, head.Vr == DicomVr.UN ? TransferSyntax.ImplicitLittleEndian : encoding);
        while (depth > 0)
        {
            var container = open[depth - 1];
            var fault = Next(container.Syntax, out var next);
            if (fault is not null || next is not { } inner)
            {
                return fault ?? Truncated(head);
            }

            if (inner.Tag == (container.IsSequence ? DicomTags.SequenceDelimitation : DicomTags.ItemDelimitation))
            {
                depth--;
                continue;
            }

            if (container.IsSequence != (inner.Tag == DicomTags.Item) || (!container.IsSequence && inner.Tag.Group == DicomTags.Item.Group))
            {
                return DicomFaults.Malformed("a sequence is not made of items", inner.Tag, inner.Offset);
            }

            if (!inner.HasUndefinedLength)
            {
                fault = SkipBytes(inner, inner.Length);
            }
            else if (!container.IsSequence && !MayHaveUndefinedLength(inner, container.Syntax))
            {
                fault = DicomFaults.Malformed("an attribute of this VR has no length", inner.Tag, inner.Offset);
            }
            else if (depth == MaximumDepth)
            {
                fault = DicomFaults.Malformed($"sequences are nested deeper than {MaximumDepth}", inner.Tag, inner.Offset);
            }
            else
            {
                var isUnknown = !container.IsSequence && inner.Vr == DicomVr.UN;
                open[depth++] = new Container(!container.IsSequence, isUnknown ? TransferSyntax.ImplicitLittleEndian : container.Syntax);
            }

            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>Passes over the pixel data, which may be of any length that the file has (many frames).</summary>
    public Fault? SkipPixelData(ElementHead head)
    {
        EnterPixelData();
        if (!head.HasUndefinedLength)
        {
            return Skip(head);
        }

        var fault = NextFragment(head, out var fragment);
        while (fault is null && fragment is { } item)
        {
            fault = Skip(item) ?? NextFragment(head, out fragment);
        }

        return fault;
    }

    /// <summary>The head of the next item of encapsulated pixel data, which is of defined length (PS3.5 A.4); none at their end.</summary>
    public Fault? NextFragment(ElementHead pixelData, out ElementHead? fragment)
    {
        fragment = null;
        var fault = Next(out var next);
        if (fault is not null || next is not { } item)
        {
            return fault ?? Truncated(pixelData);
        }

        if (item.Tag == DicomTags.SequenceDelimitation)
        {
            return null;
        }

        fragment = item;
        return item.Tag == DicomTags.Item && !item.HasUndefinedLength
            ? null
            : DicomFaults.Malformed("pixel data are not made of fragments", item.Tag, item.Offset);
    }

    /// <summary>Lifts the limit on what stands before the pixel data.</summary>
    public void EnterPixelData()
    {
        _limit = long.MaxValue;
        _elements = 0;
    }

    /// <summary>A value of at most <paramref name="maximumLength"/> bytes.</summary>
    public Fault? ReadValue(ElementHead head, int maximumLength, out byte[] value)
    {
        value = [];
        if (head.Length > maximumLength)
        {
            return DicomFaults.Malformed($"the value is longer than {maximumLength} bytes", head.Tag, head.Offset);
        }

        value = new byte[head.Length];
        return source.TryRead(value) ? null : Truncated(head);
    }

    public Fault Truncated(ElementHead head) => DicomFaults.Malformed(
        source.IsDamaged ? "compressed data are damaged or expand without bound" : $"the file ends at byte {source.Offset} inside of the attribute",
        head.Tag,
        head.Offset);

    private static bool MayHaveUndefinedLength(ElementHead head, TransferSyntax syntax) =>
        !syntax.IsExplicitVr || head.Vr is DicomVr.SQ or DicomVr.UN or DicomVr.OB or DicomVr.OW;

    private Fault? SkipBytes(ElementHead head, uint count)
    {
        if (count > _limit - source.Offset)
        {
            return TooMuch();
        }

        return source.TrySkip(count) ? null : Truncated(head);
    }

    private static Fault TooMuch() =>
        DicomFaults.Malformed($"more than {MaximumElements} attributes or {MaximumHeaderBytes >> 20} MiB stand before the pixel data or among them");

    /// <param name="encoding">Of the data set or sequence that it stands in.</param>
    public Fault? Next(TransferSyntax encoding, out ElementHead? head)
    {
        head = null;
        var offset = source.Offset;
        var bytes = source.Peek(12);
        if (bytes.Length == 0 && !source.IsDamaged)
        {
            return null;
        }

        if (bytes.Length < 8)
        {
            return DicomFaults.Malformed(source.IsDamaged
                ? $"compressed data are damaged or expand without bound at byte {offset}"
                : $"the file ends inside of an attribute at byte {offset}");
        }

        if (++_elements > MaximumElements || offset > _limit)
        {
            return TooMuch();
        }

        var bigEndian = encoding.IsBigEndian;
        var tag = new DicomTag(Read16(bytes, bigEndian), Read16(bytes[2..], bigEndian));
        if (!encoding.IsExplicitVr || tag.Group == DicomTags.Item.Group)
        {
            head = new ElementHead(tag, DicomVr.None, Read32(bytes[4..], bigEndian), offset);
            source.TrySkip(8);
            return null;
        }

        if (!char.IsAsciiLetterUpper((char)bytes[4]) || !char.IsAsciiLetterUpper((char)bytes[5]))
        {
            return DicomFaults.Malformed("there is no value representation", tag, offset);
        }

        var vr = (DicomVr)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (vr.HasShortLength())
        {
            head = new ElementHead(tag, vr, Read16(bytes[6..], bigEndian), offset);
            source.TrySkip(8);
            return null;
        }

        if (bytes.Length < 12)
        {
            return DicomFaults.Malformed("the file ends inside of the attribute", tag, offset);
        }

        head = new ElementHead(tag, vr, Read32(bytes[8..], bigEndian), offset);
        source.TrySkip(12);
        return null;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private readonly record struct Container(bool IsSequence, TransferSyntax Syntax);
}
