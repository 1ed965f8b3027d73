using System.Buffers.Binary;

namespace HemoApi.Imaging.Dicom;

/// <summary>A file whose attributes have been read up to the pixel data, which come next in <see cref="Elements"/>.</summary>
/// <param name="PixelData">The head of (7FE0,0010); null where the file has none.</param>
/// <param name="Inflater">What inflates a deflated file; the file's own stream is the caller's.</param>
internal sealed record DicomFile(DicomHeader Header, ElementReader Elements, ElementHead? PixelData, IDisposable? Inflater) : IDisposable
{
    private const int PreambleLength = 128;

    /// <summary>Starts of a preamble (PS3.10 7.1) that make the file something else as well. TIFF, which whole-slide images
    /// use on purpose, is let through; everything that a system may run, unpack or render is not.</summary>
    private static readonly (byte[] Start, string Kind)[] Polyglots =
    [
        ([.. "MZ"u8], "a Windows program"),
        ([0x7F, .. "ELF"u8], "a Linux program"),
        ([0xFE, 0xED, 0xFA], "a macOS program"),
        ([0xCE, 0xFA, 0xED, 0xFE], "a macOS program"),
        ([0xCF, 0xFA, 0xED, 0xFE], "a macOS program"),
        ([0xCA, 0xFE, 0xBA, 0xBE], "a macOS or Java program"),
        ([.. "#!"u8], "a script"),
        ([.. "<"u8], "a markup document"),
        ([.. "%PDF"u8], "a PDF document"),
        ([.. "%!PS"u8], "a PostScript program"),
        ([.. "PK"u8], "a zip archive"),
        ([.. "Rar!"u8], "a RAR archive"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive"),
        ([0x1F, 0x8B], "a gzip archive"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an Office document"),
    ];

    private static Fault NotDicom => DicomFaults.None("The file is not DICOM: it has no DICM mark, and its start can't be read as a data set.");

    /// <summary>Recognises the file (PS3.10 section 7; also one without preamble or meta header), and reads the attributes
    /// of <see cref="DicomHeader.Wanted"/>.</summary>
    /// <param name="stream">Need not seek. Must stay open as long as the pixel data are wanted.</param>
    /// <param name="budget">Null leaves only the limits of one file.</param>
    public static Outcome<DicomFile> Open(Stream stream, ExpansionBudget? budget = null)
    {
        if (!Start(stream, budget).TryGet(out var start, out var fault))
        {
            return fault;
        }

        var header = new DicomHeader();
        fault = start.Elements.ReadToPixelData(head => ReadElement(start.Elements, head, header), out var pixelData);

        // Without the DICM mark only attributes that make sense say that this is DICOM at all.
        if (!start.HasPreamble && !DicomUid.IsValid(header.Text(DicomTags.SopClassUid)))
        {
            fault = NotDicom;
        }

        if (fault is not null)
        {
            start.Inflater?.Dispose();
            return fault;
        }

        return new DicomFile(header, start.Elements, pixelData, start.Inflater);
    }

    /// <summary>Recognises the file and reads it up to its data set.</summary>
    public static Outcome<DicomStart> Start(Stream stream, ExpansionBudget? budget)
    {
        var source = new ByteSource(stream);
        var start = source.Peek(PreambleLength + 4);
        var hasPreamble = start.Length == PreambleLength + 4 && start[PreambleLength..].SequenceEqual("DICM"u8);
        if (hasPreamble)
        {
            foreach (var (magic, kind) in Polyglots)
            {
                if (start.StartsWith(magic))
                {
                    return DicomFaults.Polyglot(kind);
                }
            }

            source.TrySkip(PreambleLength + 4);
        }
        else if (!StartsLikeMeta(start) && Detect(start) is null)
        {
            return NotDicom;
        }

        if (!ReadMeta(source).TryGet(out var syntax, out var fault))
        {
            return hasPreamble || fault.Code != FaultCodes.DicomMalformed ? fault : NotDicom;
        }

        var inflater = syntax.IsDeflated ? new BoundedInflateStream(source, budget) : null;
        return new DicomStart(new ElementReader(inflater is null ? source : new ByteSource(inflater), syntax), inflater, hasPreamble);
    }

    public TransferSyntax Syntax => Elements.Syntax;

    public void Dispose() => Inflater?.Dispose();

    private static Fault? ReadElement(ElementReader elements, ElementHead head, DicomHeader header)
    {
        if (head.Tag.Group == DicomTags.Item.Group)
        {
            return DicomFaults.Malformed("an item stands outside of a sequence", head.Tag, head.Offset);
        }

        if (head.Tag == DicomTags.ContrastBolusAgentSequence)
        {
            return ReadContrastAgents(elements, head, header);
        }

        if ((head.Tag == DicomTags.SharedFunctionalGroupsSequence || head.Tag == DicomTags.PerFrameFunctionalGroupsSequence)
            && SopClasses.IsMultiFrameCt(header.Text(DicomTags.SopClassUid)))
        {
            header.Groups ??= new FunctionalGroups(header);
            return header.Groups.Read(elements, head);
        }

        return head.Tag == DicomTags.ExtendedOffsetTable && header.Groups is not null
            ? ReadExtendedOffsets(elements, head, header)
            : header.Read(elements, head, elements.Syntax);
    }

    private static Fault? ReadExtendedOffsets(ElementReader elements, ElementHead head, DicomHeader header)
    {
        var fault = elements.ReadValue(head, sizeof(ulong) * header.Groups!.Frames.Count, out var value);
        var offsets = new long[value.Length / sizeof(ulong)];
        for (var k = 0; k < offsets.Length; k++)
        {
            offsets[k] = BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(sizeof(ulong) * k));
        }

        header.ExtendedOffsets = offsets.Length == 0 ? null : offsets;
        return fault;
    }

    private static Fault? ReadContrastAgents(ElementReader elements, ElementHead sequence, DicomHeader header)
    {
        var items = new SequenceReader(elements, sequence, elements.Syntax);
        while (true)
        {
            var fault = items.Next(out var next);
            if (fault is null && next is { } item)
            {
                header.HasContrastSequence = true;
                fault = elements.Skip(item, items.Encoding);
            }

            if (fault is not null || next is null)
            {
                return fault;
            }
        }
    }

    /// <summary>Group 0002 (PS3.10 7.1), in explicit VR little endian whatever follows. Its stated length is not believed.</summary>
    private static Outcome<TransferSyntax> ReadMeta(ByteSource source)
    {
        var meta = new ElementReader(source, TransferSyntax.ExplicitLittleEndian);
        string? uid = null;
        while (StartsLikeMeta(source.Peek(2)))
        {
            var fault = meta.Next(out var next);
            if (fault is not null || next is not { } head)
            {
                return fault ?? DicomFaults.Malformed("the meta header ends too early");
            }

            string? text = null;
            if (head.Tag == DicomTags.TransferSyntaxUid || head.Tag == DicomTags.MediaStorageSopClassUid)
            {
                fault = meta.ReadValue(head, DicomUid.MaximumLength + 2, out var value);
                text = System.Text.Encoding.ASCII.GetString(value).Trim('\0', ' ');
            }
            else
            {
                fault = meta.Skip(head);
            }

            // The data set of a DICOMDIR has no SOP class of its own (PS3.10 section 8).
            fault ??= text == SopClasses.MediaStorageDirectoryStorage ? DicomFaults.MediumIndex() : null;
            if (fault is not null)
            {
                return fault;
            }

            uid = head.Tag == DicomTags.TransferSyntaxUid ? text : uid;
        }

        if (!string.IsNullOrEmpty(uid))
        {
            return TransferSyntax.Find(uid) is { } known ? known : DicomFaults.UnknownTransferSyntax();
        }

        return Detect(source.Peek(8)) is { } detected
            ? detected
            : DicomFaults.Malformed($"no transfer syntax is stated and the data set at byte {source.Offset} does not tell it");
    }

    private static bool StartsLikeMeta(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0x02, 0x00]);

    /// <summary>The syntax of a data set from its first attribute, which is of group 0008; null where it does not look like one.</summary>
    private static TransferSyntax? Detect(ReadOnlySpan<byte> start)
    {
        if (start.Length < 8)
        {
            return null;
        }

        var hasVr = char.IsAsciiLetterUpper((char)start[4]) && char.IsAsciiLetterUpper((char)start[5]);
        return (start[0], start[1], hasVr) switch
        {
            (0x08, 0x00, true) => TransferSyntax.ExplicitLittleEndian,
            (0x00, 0x08, true) => TransferSyntax.ExplicitBigEndian,
            (0x08, 0x00, false) when BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) <= 1024 => TransferSyntax.ImplicitLittleEndian,
            _ => null,
        };
    }
}

/// <summary>A file whose data set comes next in <see cref="Elements"/>.</summary>
/// <param name="Inflater">As of <see cref="DicomFile"/>.</param>
/// <param name="HasPreamble">The DICM mark says that it is DICOM.</param>
internal sealed record DicomStart(ElementReader Elements, IDisposable? Inflater, bool HasPreamble);
