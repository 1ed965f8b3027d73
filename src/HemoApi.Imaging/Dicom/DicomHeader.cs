using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>The values of the attributes that HemoApi uses, as they stand in one file. Reading is lenient: what can't be read
/// as asked for is null.</summary>
/// <param name="outer">What speaks where this header does not; a frame's header has its file's (PS3.3 C.7.6.16).</param>
internal sealed class DicomHeader(DicomHeader? outer = null)
{
    /// <summary>A value that HemoApi keeps is a few dozen bytes; a contrast agent's name may be a few hundred.</summary>
    public const int MaximumValueLength = 16 * 1024;

    /// <summary>The attributes to keep, with the VR that PS3.6 gives them, for files that state none.</summary>
    public static readonly IReadOnlyDictionary<DicomTag, DicomVr> Wanted = new Dictionary<DicomTag, DicomVr>
    {
        [DicomTags.SpecificCharacterSet] = DicomVr.CS,
        [DicomTags.ImageType] = DicomVr.CS,
        [DicomTags.SopClassUid] = DicomVr.UI,
        [DicomTags.SopInstanceUid] = DicomVr.UI,
        [DicomTags.StudyDate] = DicomVr.DA,
        [DicomTags.StudyTime] = DicomVr.TM,
        [DicomTags.Modality] = DicomVr.CS,
        [DicomTags.SeriesDescription] = DicomVr.LO,
        [DicomTags.FrameType] = DicomVr.CS,
        [DicomTags.VolumeBasedCalculationTechnique] = DicomVr.CS,
        [DicomTags.PatientId] = DicomVr.LO,
        [DicomTags.ContrastBolusAgent] = DicomVr.LO,
        [DicomTags.BodyPartExamined] = DicomVr.CS,
        [DicomTags.SliceThickness] = DicomVr.DS,
        [DicomTags.ConvolutionKernel] = DicomVr.SH,
        [DicomTags.ContrastBolusAgentAdministered] = DicomVr.CS,
        [DicomTags.StudyInstanceUid] = DicomVr.UI,
        [DicomTags.SeriesInstanceUid] = DicomVr.UI,
        [DicomTags.AcquisitionNumber] = DicomVr.IS,
        [DicomTags.InstanceNumber] = DicomVr.IS,
        [DicomTags.FrameAcquisitionNumber] = DicomVr.US,
        [DicomTags.TemporalPositionIdentifier] = DicomVr.IS,
        [DicomTags.TemporalPositionIndex] = DicomVr.UL,
        [DicomTags.ImagePositionPatient] = DicomVr.DS,
        [DicomTags.ImageOrientationPatient] = DicomVr.DS,
        [DicomTags.FrameOfReferenceUid] = DicomVr.UI,
        [DicomTags.SamplesPerPixel] = DicomVr.US,
        [DicomTags.PhotometricInterpretation] = DicomVr.CS,
        [DicomTags.NumberOfFrames] = DicomVr.IS,
        [DicomTags.Rows] = DicomVr.US,
        [DicomTags.Columns] = DicomVr.US,
        [DicomTags.PixelSpacing] = DicomVr.DS,
        [DicomTags.BitsAllocated] = DicomVr.US,
        [DicomTags.BitsStored] = DicomVr.US,
        [DicomTags.HighBit] = DicomVr.US,
        [DicomTags.PixelRepresentation] = DicomVr.US,
        [DicomTags.PixelPaddingValue] = DicomVr.US,
        [DicomTags.PixelPaddingRangeLimit] = DicomVr.US,
        [DicomTags.RescaleIntercept] = DicomVr.DS,
        [DicomTags.RescaleSlope] = DicomVr.DS,
        [DicomTags.RescaleType] = DicomVr.LO,
        [DicomTags.LossyImageCompression] = DicomVr.CS,
    };

    private readonly Dictionary<DicomTag, Entry> _entries = [];
    private DicomCharacterSet? _characterSet;

    /// <summary>The functional groups of a multi-frame CT; null for any other file.</summary>
    public FunctionalGroups? Groups { get; set; }

    /// <summary>(0018,0012) names an agent, whatever it is.</summary>
    public bool HasContrastSequence { get; set; }

    /// <summary>(7FE0,0001) of a multi-frame CT: where each frame starts, in bytes from the first fragment (PS3.3 C.7.6.3.1.8); null
    /// where there is none.</summary>
    public long[]? ExtendedOffsets { get; set; }

    /// <summary>Reads a value and keeps it if it is wanted. Malformed where the tag already has another one, because then there is no
    /// telling which holds.</summary>
    public Fault? Read(ElementReader elements, ElementHead head, TransferSyntax encoding)
    {
        if (!Wanted.ContainsKey(head.Tag))
        {
            return elements.Skip(head, encoding);
        }

        return elements.ReadValue(head, MaximumValueLength, out var value)
            ?? (_entries.TryAdd(head.Tag, new Entry(head.Vr, value, encoding.IsBigEndian)) || _entries[head.Tag].Value.AsSpan().SequenceEqual(value)
                ? null
                : DicomFaults.Malformed("the attribute stands twice, with different values", head.Tag, head.Offset));
    }

    /// <summary>The attribute is there and not empty.</summary>
    public bool Has(DicomTag tag) => Find(tag) is not null;

    /// <summary>All values as one text without its padding; null where it is absent or blank.</summary>
    public string? Text(DicomTag tag)
    {
        if (Find(tag) is not { } entry)
        {
            return null;
        }

        var text = Decode(tag, entry.Value).Trim(' ', '\0', '\t', '\r', '\n');
        return text.Length == 0 ? null : string.Concat(text.Where(c => !char.IsControl(c)));
    }

    public IReadOnlyList<string> Texts(DicomTag tag) => Text(tag)?.Split('\\', StringSplitOptions.TrimEntries) ?? [];

    public int? Integer(DicomTag tag)
    {
        if (Find(tag) is not { } entry)
        {
            return null;
        }

        long? number = (VrOf(tag, entry), entry.Value.Length) switch
        {
            (DicomVr.US, 2) => Read16(entry),
            (DicomVr.SS, 2) => (short)Read16(entry),
            (DicomVr.UL, 4) => Read32(entry),
            (DicomVr.SL, 4) => (int)Read32(entry),
            (DicomVr.IS or DicomVr.DS, _) => Numbers(tag) is [var only] && only == Math.Truncate(only) && Math.Abs(only) <= int.MaxValue
                ? (long)only
                : null,
            _ => null,
        };
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : null;
    }

    /// <summary>The 16 bits of a US or SS, whatever sign they have.</summary>
    public ushort? Bits16(DicomTag tag) => Find(tag) is { Value.Length: 2 } entry ? Read16(entry) : null;

    /// <summary>Decimal strings, finite every one; null where any is not.</summary>
    public double[]? Numbers(DicomTag tag)
    {
        var texts = Texts(tag);
        var numbers = new double[texts.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!double.TryParse(texts[i].Trim('\0', ' '), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                return null;
            }
        }

        return numbers.Length == 0 ? null : numbers;
    }

    public double? Number(DicomTag tag) => Numbers(tag) is [var only] ? only : null;

    public Vector3D? Vector(DicomTag tag, int first, int count) =>
        Numbers(tag) is { } numbers && numbers.Length == count ? new(numbers[first], numbers[first + 1], numbers[first + 2]) : null;

    private static DicomVr VrOf(DicomTag tag, Entry entry) => entry.Vr is DicomVr.None or DicomVr.UN ? Wanted[tag] : entry.Vr;

    private static ushort Read16(Entry entry) => entry.IsBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(entry.Value)
        : BinaryPrimitives.ReadUInt16LittleEndian(entry.Value);

    private static uint Read32(Entry entry) => entry.IsBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(entry.Value)
        : BinaryPrimitives.ReadUInt32LittleEndian(entry.Value);

    private Entry? Find(DicomTag tag) => _entries.TryGetValue(tag, out var entry) && entry.Value.Length > 0 ? entry : outer?.Find(tag);

    private string Decode(DicomTag tag, byte[] value) => tag == DicomTags.SpecificCharacterSet
        ? Encoding.ASCII.GetString(value)
        : (_characterSet ??= DicomCharacterSet.Of(Texts(DicomTags.SpecificCharacterSet))).Decode(value);

    private sealed record Entry(DicomVr Vr, byte[] Value, bool IsBigEndian);
}
