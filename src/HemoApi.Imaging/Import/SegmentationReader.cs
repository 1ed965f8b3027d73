using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Import;

/// <summary>Reads a binary DICOM segmentation (PS3.3 A.51) onto the grid of a series, a frame at a time.</summary>
public static class SegmentationReader
{
    private const string Rename = "Name segments ICH, EDH or SDH (or intracerebral, epidural, subdural), or name the one type of all of them with ?type=.";

    private static readonly (HemorrhageType Type, string[] Words)[] Names =
    [
        (HemorrhageType.Ich, ["ich", "intracerebral", "intraparenchymal", "cerebral"]),
        (HemorrhageType.Edh, ["edh", "extradural", "epidural"]),
        (HemorrhageType.Sdh, ["sdh", "subdural"]),
    ];

    /// <param name="input">Need not seek.</param>
    /// <param name="onlyType">Null: the label of a segment, or the meaning of its property type's code, names its type. Else every segment is of this type.</param>
    /// <returns>The labels in the voxel order of the geometry; else <see cref="FaultCodes.DicomMalformed"/>,
    /// <see cref="FaultCodes.DicomTransferSyntax"/>, <see cref="FaultCodes.MediaUnsupported"/> (DICOM, but no segmentation),
    /// <see cref="FaultCodes.ReferenceGridMismatch"/> or <see cref="FaultCodes.ReferenceLabels"/>.</returns>
    /// <exception cref="OperationCanceledException">Between two frames.</exception>
    public static Outcome<LabelVolume> Read(Stream input, VolumeGeometry geometry, HemorrhageType? onlyType, CancellationToken cancellation)
    {
        if (!DicomFile.Start(input, budget: null).TryGet(out var start, out var fault))
        {
            return fault;
        }

        using (start.Inflater)
        {
            var (elements, header) = (start.Elements, new SegmentationHeader());
            if (elements.Syntax.IsBigEndian)
            {
                return DicomFaults.UnsupportedTransferSyntax(elements.Syntax);
            }

            fault = elements.ReadToPixelData(head => header.Read(elements, head), out var pixels);
            if ((fault ?? Problem(header, pixels, elements.Syntax, geometry)) is { } problem)
            {
                return problem;
            }

            elements.EnterPixelData();
            var labels = new byte[geometry.VoxelCount];
            var bits = new BitFrames(elements.Source, header.Rows * header.Columns);
            for (var frame = 0; frame < header.NumberOfFrames; frame++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!Match(header, frame, geometry).TryGet(out var match, out fault) || !TypeOf(header, frame, onlyType).TryGet(out var type, out fault))
                {
                    return fault;
                }

                if (!bits.TryNext())
                {
                    return elements.Truncated(pixels!.Value);
                }

                if (Place(bits, header, match, type, labels) is { } overlap)
                {
                    return overlap;
                }
            }

            return new LabelVolume(geometry, labels);
        }
    }

    private static Fault? Problem(SegmentationHeader header, ElementHead? pixels, TransferSyntax syntax, VolumeGeometry geometry)
    {
        if (header.SopClassUid != SegmentationTags.SegmentationStorage)
        {
            return new Fault(FaultCodes.MediaUnsupported, "The DICOM file is not a segmentation.", "Send a DICOM Segmentation, or the mask as NIfTI-1.");
        }

        if (header.SegmentationType != "BINARY" || header.BitsAllocated != 1)
        {
            return new Fault(FaultCodes.ReferenceLabels, "The segmentation is not binary.", "Export it as a binary segmentation: where a probability becomes a label is the reader's decision.");
        }

        if (syntax.IsEncapsulated)
        {
            return DicomFaults.UnsupportedTransferSyntax(syntax);
        }

        return pixels is null || header.Frames.Count != header.NumberOfFrames || header.NumberOfFrames < 1 || header.Rows < 1 || header.Columns < 1
            ? DicomFaults.Malformed("its frames are not what its header says")
            : header.NumberOfFrames > (long)geometry.SliceCount * Math.Max(1, header.Segments.Count)
                ? new Fault(FaultCodes.ReferenceGridMismatch, $"The segmentation has {header.NumberOfFrames} frames for {geometry.SliceCount} slices.", "Draw it on the images of the study.")
                : null;
    }

    private static Outcome<PlaneMatch> Match(SegmentationHeader header, int frame, VolumeGeometry geometry)
    {
        var own = header.Frames[frame];
        if (own.Position is not { Length: 3 } p || (own.Orientation ?? header.Shared.Orientation) is not { Length: 6 } o
            || (own.PixelSpacing ?? header.Shared.PixelSpacing) is not { Length: 2 } spacing)
        {
            return DicomFaults.Malformed($"frame {frame + 1} does not say where it lies");
        }

        return PlaneMatch.Find(
            header.Columns, header.Rows, new Vector3D(p[0], p[1], p[2]), new Vector3D(o[0], o[1], o[2]) * spacing[1], new Vector3D(o[3], o[4], o[5]) * spacing[0], geometry, frame + 1);
    }

    private static Outcome<HemorrhageType> TypeOf(SegmentationHeader header, int frame, HemorrhageType? onlyType)
    {
        if ((header.Frames[frame].Segment ?? header.Shared.Segment) is not { } number || !header.Segments.TryGetValue(number, out var text))
        {
            return DicomFaults.Malformed($"frame {frame + 1} belongs to no segment");
        }

        if (onlyType is { } type)
        {
            return type;
        }

        // Words, so that "ich" is not found inside of another one.
        var words = text.ToLowerInvariant().Split([' ', ',', ';', '_', '-', '/', '(', ')', '^'], StringSplitOptions.RemoveEmptyEntries);
        var types = Names.Where(name => name.Words.Any(words.Contains)).Select(name => name.Type).ToList();
        return types is [var one]
            ? one
            : new Fault(FaultCodes.ReferenceLabels, $"The name of segment {number} tells {(types.Count == 0 ? "no type" : "several types")}.", Rename);
    }

    private static Fault? Place(BitFrames bits, SegmentationHeader header, PlaneMatch match, HemorrhageType type, byte[] labels)
    {
        for (var row = 0; row < header.Rows; row++)
        {
            for (var column = 0; column < header.Columns; column++)
            {
                if (!bits[(row * header.Columns) + column])
                {
                    continue;
                }

                ref var label = ref labels[match.Origin + (column * match.StrideColumn) + (row * match.StrideRow)];
                if (label != 0 && label != (byte)type)
                {
                    return new Fault(FaultCodes.ReferenceLabels, "A voxel belongs to segments of different types.", "Give each voxel one type.");
                }

                label = (byte)type;
            }
        }

        return null;
    }
}
