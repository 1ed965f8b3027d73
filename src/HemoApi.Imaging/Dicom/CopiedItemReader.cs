namespace HemoApi.Imaging.Dicom;

/// <summary>Reads of a data set what a copy may hold: the attributes of <see cref="DicomHeader.Wanted"/>, at its top and in the sequences
/// that HemoApi reads. A list of what is kept forgets no attribute that identifies someone, private or yet to be invented.</summary>
internal sealed class CopiedItemReader(ElementReader elements)
{
    /// <summary>Eight bytes a frame.</summary>
    private const int MaximumTableLength = 8 * 1024 * 1024;

    /// <summary>Functional groups hold macros, and macros hold attributes (PS3.3 C.7.6.16).</summary>
    private const int MaximumDepth = 4;

    private static readonly HashSet<DicomTag> Sequences =
    [
        DicomTags.ContrastBolusAgentSequence,
        DicomTags.SharedFunctionalGroupsSequence,
        DicomTags.PerFrameFunctionalGroupsSequence,
        .. FunctionalGroups.Macros,
    ];

    /// <summary>Where frames start among their fragments (PS3.3 C.7.6.3.1.8), which a copy does not change.</summary>
    private static readonly Dictionary<DicomTag, DicomVr> OffsetTables = new()
    {
        [DicomTags.ExtendedOffsetTable] = DicomVr.OV,
        [DicomTags.ExtendedOffsetTableLengths] = DicomVr.OV,
    };

    /// <summary>Up to the pixel data.</summary>
    public Fault? Read(CopiedItem copy, out ElementHead? pixelData) =>
        elements.ReadToPixelData(head => ReadElement(copy, head, elements.Syntax, depth: 0), out pixelData);

    private Fault? ReadElement(CopiedItem copy, ElementHead head, TransferSyntax encoding, int depth)
    {
        if (Sequences.Contains(head.Tag) && depth < MaximumDepth && head.Vr is DicomVr.SQ or DicomVr.UN or DicomVr.None)
        {
            var fault = ReadItems(new SequenceReader(elements, head, encoding), depth, out var items);
            copy.SetSequence(head.Tag, items);
            return fault;
        }

        var isTable = OffsetTables.TryGetValue(head.Tag, out var usual);
        if (!isTable && !DicomHeader.Wanted.TryGetValue(head.Tag, out usual))
        {
            return elements.Skip(head, encoding);
        }

        if (elements.ReadValue(head, isTable ? MaximumTableLength : DicomHeader.MaximumValueLength, out var value) is { } tooLong)
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

    private Fault? ReadItems(SequenceReader sequence, int depth, out List<CopiedItem> items)
    {
        items = [];
        while (true)
        {
            var fault = sequence.Next(out var next);
            if (fault is not null || next is not { } head)
            {
                return fault;
            }

            var item = new CopiedItem();
            items.Add(item);
            fault = ReadItem(item, new SequenceReader(elements, head, sequence.Encoding), depth + 1);
            if (fault is not null)
            {
                return fault;
            }
        }
    }

    private Fault? ReadItem(CopiedItem copy, SequenceReader item, int depth)
    {
        while (true)
        {
            var fault = item.Next(out var next);
            if (fault is not null || next is not { } head)
            {
                return fault;
            }

            fault = ReadElement(copy, head, item.Encoding, depth);
            if (fault is not null)
            {
                return fault;
            }
        }
    }
}
