namespace HemoApi.Imaging.Dicom;

/// <summary>What the functional groups of a multi-frame image say (PS3.3 C.7.6.16): for all frames, and for each of them. Only the
/// attributes of <see cref="DicomHeader.Wanted"/> are kept.</summary>
internal sealed class FunctionalGroups
{
    /// <summary>The macros of PS3.3 A.38.1.4 and A.70.4 that hold something HemoApi uses.</summary>
    public static readonly IReadOnlySet<DicomTag> Macros = new HashSet<DicomTag>
    {
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
    };

    private readonly DicomHeader _file;
    private readonly List<DicomHeader> _frames = [];

    public FunctionalGroups(DicomHeader file)
    {
        _file = file;
        Shared = new DicomHeader(file);
    }

    /// <summary>What holds for every frame; what it does not say, the file does.</summary>
    public DicomHeader Shared { get; private set; }

    /// <summary>What holds for each frame, in the order of the frames; what one does not say, <see cref="Shared"/> does.</summary>
    public IReadOnlyList<DicomHeader> Frames => _frames;

    /// <param name="sequence">The shared or per-frame functional groups sequence; the shared one comes first in a file.</param>
    public Fault? Read(ElementReader elements, ElementHead sequence)
    {
        var isShared = sequence.Tag == DicomTags.SharedFunctionalGroupsSequence;
        var items = new SequenceReader(elements, sequence, elements.Syntax);
        while (true)
        {
            var fault = items.Next(out var next);
            if (fault is not null || next is not { } item)
            {
                return fault;
            }

            var header = new DicomHeader(isShared ? _file : Shared);
            fault = ReadGroups(elements, new SequenceReader(elements, item, items.Encoding), header);
            if (fault is not null)
            {
                return fault;
            }

            if (isShared)
            {
                Shared = header;
            }
            else
            {
                _frames.Add(header);
            }
        }
    }

    private static Fault? ReadGroups(ElementReader elements, SequenceReader groups, DicomHeader header)
    {
        while (true)
        {
            var fault = groups.Next(out var next);
            if (fault is not null || next is not { } group)
            {
                return fault;
            }

            fault = Macros.Contains(group.Tag)
                ? ReadMacro(elements, new SequenceReader(elements, group, groups.Encoding), header)
                : elements.Skip(group, groups.Encoding);
            if (fault is not null)
            {
                return fault;
            }
        }
    }

    private static Fault? ReadMacro(ElementReader elements, SequenceReader items, DicomHeader header)
    {
        while (true)
        {
            var fault = items.Next(out var next);
            if (fault is not null || next is not { } item)
            {
                return fault;
            }

            var attributes = new SequenceReader(elements, item, items.Encoding);
            while (true)
            {
                fault = attributes.Next(out next);
                if (fault is null && next is { } attribute)
                {
                    fault = header.Read(elements, attribute, attributes.Encoding);
                }

                if (fault is not null)
                {
                    return fault;
                }

                if (next is null)
                {
                    break;
                }
            }
        }
    }
}
