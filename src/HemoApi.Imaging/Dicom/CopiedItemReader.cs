namespace HemoApi.Imaging.Dicom;

/// <summary>Reads of a data set what a copy may hold: the attributes of <see cref="DicomHeader.Wanted"/>, at its top and in the sequences
/// that HemoApi reads. A list of what is kept forgets no attribute that identifies someone, private or yet to be invented.</summary>
internal sealed class CopiedItemReader(ElementReader elements)
{
    private const int MaximumValueLength = 16 * 1024;

    /// <summary>Eight bytes a frame.</summary>
    private const int MaximumTableLength = 8 * 1024 * 1024;

    /// <summary>Functional groups hold macros, and macros hold attributes (PS3.3 C.7.6.16).</summary>
    private const int MaximumDepth = 4;

    private static readonly HashSet<DicomTag> Sequences =
    [
        DicomTags.ContrastBolusAgentSequence,
        DicomTags.SharedFunctionalGroupsSequence,
        DicomTags.PerFrameFunctionalGroupsSequence,
        DicomTags.PixelMeasuresSequence,
        DicomTags.PlanePositionSequence,
        DicomTags.PlaneOrientationSequence,
        DicomTags.PixelValueTransformationSequence,
        DicomTags.FrameContentSequence,
        DicomTags.CtImageFrameTypeSequence,
        DicomTags.CtReconstructionSequence,
        DicomTags.ContrastBolusUsageSequence,
        DicomTags.UnassignedSharedConvertedAttributesSequence,
        DicomTags.UnassignedPerFrameConvertedAttributesSequence,
    ];

    /// <summary>Where frames start among their fragments (PS3.3 C.7.6.3.1.8), which a copy does not change.</summary>
    private static readonly Dictionary<DicomTag, DicomVr> OffsetTables = new()
    {
        [DicomTags.ExtendedOffsetTable] = DicomVr.OV,
        [DicomTags.ExtendedOffsetTableLengths] = DicomVr.OV,
    };

    /// <summary>Up to the pixel data.</summary>
    public Fault? Read(CopiedItem copy, out ElementHead? pixelData)
    {
        pixelData = null;
        while (true)
        {
            var fault = elements.Next(out var next);
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

            fault = ReadElement(copy, head, elements.Syntax, depth: 0);
            if (fault is not null)
            {
                return fault;
            }
        }
    }

    private Fault? ReadElement(CopiedItem copy, ElementHead head, TransferSyntax encoding, int depth)
    {
        if (Sequences.Contains(head.Tag) && depth < MaximumDepth && head.Vr is DicomVr.SQ or DicomVr.UN or DicomVr.None)
        {
            var fault = ReadItems(head, head.Vr == DicomVr.UN ? TransferSyntax.ImplicitLittleEndian : encoding, depth, out var items);
            copy.SetSequence(head.Tag, items);
            return fault;
        }

        var isTable = OffsetTables.TryGetValue(head.Tag, out var usual);
        if (!isTable && !DicomHeader.Wanted.TryGetValue(head.Tag, out usual))
        {
            return elements.Skip(head, encoding);
        }

        if (elements.ReadValue(head, isTable ? MaximumTableLength : MaximumValueLength, out var value) is { } tooLong)
        {
            return tooLong;
        }

        // What is text by its tag is read as text whatever VR is stated, so only numbers have a byte order.
        var vr = head.Vr is DicomVr.None or DicomVr.UN ? usual : head.Vr;
        var size = usual is DicomVr.US or DicomVr.UL or DicomVr.IS or DicomVr.OV ? vr.NumberSize() : 1;
        for (var i = 0; encoding.IsBigEndian && i + size <= value.Length; i += size)
        {
            value.AsSpan(i, size).Reverse();
        }

        // Of one that stands twice the reader takes the first, which may state another VR.
        copy.Add(head.Tag, vr, value.Length % 2 == 0 ? value : [.. value, vr == DicomVr.UI ? (byte)0 : (byte)' ']);
        return null;
    }

    private Fault? ReadItems(ElementHead sequence, TransferSyntax encoding, int depth, out List<CopiedItem> items)
    {
        items = [];
        var end = End(sequence);
        while (elements.Source.Offset < end)
        {
            var fault = elements.Next(encoding, out var next);
            if (fault is not null || next is not { } head)
            {
                return fault ?? elements.Truncated(sequence);
            }

            if (sequence.HasUndefinedLength && head.Tag == DicomTags.SequenceDelimitation)
            {
                return null;
            }

            if (head.Tag != DicomTags.Item)
            {
                return DicomFaults.Malformed("a sequence is not made of items", head.Tag, head.Offset);
            }

            var item = new CopiedItem();
            items.Add(item);
            fault = ReadItem(item, head, encoding, depth + 1);
            if (fault is not null)
            {
                return fault;
            }
        }

        return elements.Source.Offset == end ? null : Overrun(sequence);
    }

    private Fault? ReadItem(CopiedItem item, ElementHead itemHead, TransferSyntax encoding, int depth)
    {
        var end = End(itemHead);
        while (elements.Source.Offset < end)
        {
            var fault = elements.Next(encoding, out var next);
            if (fault is not null || next is not { } head)
            {
                return fault ?? elements.Truncated(itemHead);
            }

            if (itemHead.HasUndefinedLength && head.Tag == DicomTags.ItemDelimitation)
            {
                return null;
            }

            fault = head.Tag.Group == DicomTags.Item.Group
                ? DicomFaults.Malformed("an item holds what belongs to its sequence", head.Tag, head.Offset)
                : ReadElement(item, head, encoding, depth);
            if (fault is not null)
            {
                return fault;
            }
        }

        return elements.Source.Offset == end ? null : Overrun(itemHead);
    }

    private long End(ElementHead container) => container.HasUndefinedLength ? long.MaxValue : elements.Source.Offset + container.Length;

    private static Fault Overrun(ElementHead container) =>
        DicomFaults.Malformed("what a sequence holds is longer than the sequence", container.Tag, container.Offset);
}
