using System.Globalization;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Import;

/// <summary>What a frame says, or the frames share.</summary>
internal sealed class SegmentationFrame
{
    /// <summary>(0020,0032), LPS mm.</summary>
    public double[]? Position { get; set; }

    /// <summary>(0020,0037)</summary>
    public double[]? Orientation { get; set; }

    /// <summary>(0028,0030)</summary>
    public double[]? PixelSpacing { get; set; }

    public int? Segment { get; set; }
}

/// <summary>The attributes of a DICOM segmentation up to its pixel data.</summary>
internal sealed class SegmentationHeader
{
    public string? SopClassUid { get; private set; }

    public string? SegmentationType { get; private set; }

    public int Rows { get; private set; }

    public int Columns { get; private set; }

    public int BitsAllocated { get; private set; }

    public int NumberOfFrames { get; private set; }

    /// <summary>What names each segment: its label and the meaning of its property's code.</summary>
    public Dictionary<int, string> Segments { get; } = [];

    public SegmentationFrame Shared { get; } = new();

    public List<SegmentationFrame> Frames { get; } = [];

    public Fault? Read(ElementReader elements, ElementHead head)
    {
        var encoding = elements.Syntax;
        return head.Tag switch
        {
            var t when t == DicomTags.SopClassUid => DicomWalk.Text(elements, head, v => SopClassUid = v),
            var t when t == SegmentationTags.SegmentationType => DicomWalk.Text(elements, head, v => SegmentationType = v),
            var t when t == DicomTags.Rows => DicomWalk.UInt16(elements, head, v => Rows = v),
            var t when t == DicomTags.Columns => DicomWalk.UInt16(elements, head, v => Columns = v),
            var t when t == DicomTags.BitsAllocated => DicomWalk.UInt16(elements, head, v => BitsAllocated = v),
            var t when t == DicomTags.NumberOfFrames => DicomWalk.Text(
                elements, head, v => NumberOfFrames = int.TryParse(v, NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : 0),
            var t when t == SegmentationTags.SegmentSequence => ReadSegments(elements, head),
            var t when t == DicomTags.SharedFunctionalGroupsSequence => DicomWalk.EachItem(elements, head, encoding, (group, e) => ReadGroup(elements, group, e, Shared)),
            var t when t == DicomTags.PerFrameFunctionalGroupsSequence => DicomWalk.EachItem(
                elements, head, encoding, (group, e) => ReadGroup(elements, group, e, Frames[^1]), () => Frames.Add(new SegmentationFrame())),
            _ => elements.Skip(head),
        };
    }

    private Fault? ReadSegments(ElementReader elements, ElementHead head)
    {
        var (number, text) = (0, "");
        var fault = DicomWalk.EachItem(
            elements,
            head,
            elements.Syntax,
            (attribute, encoding) => attribute.Tag switch
            {
                var t when t == SegmentationTags.SegmentNumber => DicomWalk.UInt16(elements, attribute, v => number = v),
                var t when t == SegmentationTags.SegmentLabel => DicomWalk.Text(elements, attribute, v => text += $" {v}"),
                var t when t == SegmentationTags.SegmentedPropertyTypeCodeSequence => DicomWalk.EachItem(elements, attribute, encoding, (code, e) =>
                    code.Tag == DicomTags.CodeMeaning ? DicomWalk.Text(elements, code, v => text += $" {v}") : elements.Skip(code, e)),
                _ => elements.Skip(attribute, encoding),
            },
            Keep);
        Keep();
        return fault;

        void Keep()
        {
            if (number > 0)
            {
                Segments[number] = text;
            }

            (number, text) = (0, "");
        }
    }

    private static Fault? ReadGroup(ElementReader elements, ElementHead group, TransferSyntax encoding, SegmentationFrame frame) =>
        group.Tag == DicomTags.PlanePositionSequence || group.Tag == DicomTags.PlaneOrientationSequence || group.Tag == DicomTags.PixelMeasuresSequence
            || group.Tag == SegmentationTags.SegmentIdentificationSequence
            ? DicomWalk.EachItem(elements, group, encoding, (attribute, e) => attribute.Tag switch
            {
                var t when t == DicomTags.ImagePositionPatient => DicomWalk.Decimals(elements, attribute, v => frame.Position = v),
                var t when t == DicomTags.ImageOrientationPatient => DicomWalk.Decimals(elements, attribute, v => frame.Orientation = v),
                var t when t == DicomTags.PixelSpacing => DicomWalk.Decimals(elements, attribute, v => frame.PixelSpacing = v),
                var t when t == SegmentationTags.ReferencedSegmentNumber => DicomWalk.UInt16(elements, attribute, v => frame.Segment = v),
                _ => elements.Skip(attribute, e),
            })
            : elements.Skip(group, encoding);
}
