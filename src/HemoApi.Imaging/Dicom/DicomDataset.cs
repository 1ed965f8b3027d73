using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HemoApi.Imaging.Dicom;

/// <summary>One attribute ready to be written.</summary>
/// <param name="Value">Numbers in little endian, text in ASCII; even length, padded as its VR asks.</param>
public sealed record DicomElement(DicomTag Tag, DicomVr Vr, ReadOnlyMemory<byte> Value);

/// <summary>Attributes to write, ascending by tag, valid by construction: every setter throws <see cref="ArgumentException"/>
/// for a value that its VR forbids (PS3.5 section 6.2). Setting a tag again replaces it. No sequences.</summary>
public sealed partial class DicomDataset
{
    private readonly SortedDictionary<DicomTag, DicomElement> _elements = [];

    public IReadOnlyCollection<DicomElement> Elements => _elements.Values;

    public DicomElement? Find(DicomTag tag) => _elements.GetValueOrDefault(tag);

    /// <summary>Text values; none makes an empty attribute (type 2).</summary>
    public DicomDataset Text(DicomTag tag, DicomVr vr, params string[] values)
    {
        foreach (var value in values)
        {
            RequireText(tag, vr, value);
        }

        var joined = string.Join('\\', values);
        if (joined.Length % 2 != 0)
        {
            joined += vr == DicomVr.UI ? '\0' : ' ';
        }

        return Add(tag, vr, Encoding.ASCII.GetBytes(joined));
    }

    public DicomDataset Uid(DicomTag tag, string uid) => Text(tag, DicomVr.UI, uid);

    /// <summary>Decimal strings (DS): as many digits as fit 16 characters.</summary>
    public DicomDataset Decimals(DicomTag tag, params double[] values) =>
        Text(tag, DicomVr.DS, Array.ConvertAll(values, FormatDecimal));

    public DicomDataset Integer(DicomTag tag, int value) =>
        Text(tag, DicomVr.IS, value.ToString(CultureInfo.InvariantCulture));

    public DicomDataset UInt16(DicomTag tag, ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return Add(tag, DicomVr.US, bytes);
    }

    public DicomDataset Int16(DicomTag tag, short value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16LittleEndian(bytes, value);
        return Add(tag, DicomVr.SS, bytes);
    }

    /// <param name="value">Numbers in little endian. Not copied, unless its odd length needs the padding byte.</param>
    public DicomDataset Bytes(DicomTag tag, DicomVr vr, ReadOnlyMemory<byte> value)
    {
        if (value.Length % Math.Max(1, vr.NumberSize()) != 0)
        {
            throw new ArgumentException($"{tag}: {value.Length} bytes are not a whole number of {vr} values", nameof(value));
        }

        return Add(tag, vr, value.Length % 2 == 0 ? value : (byte[])[.. value.Span, 0]);
    }

    /// <summary>The 16 characters of a DS closest to the number.</summary>
    internal static string FormatDecimal(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentException("a decimal string is a finite number", nameof(value));
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        for (var digits = 16; text.Length > DicomVr.DS.MaximumTextLength(); digits--)
        {
            text = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
        }

        return text;
    }

    private DicomDataset Add(DicomTag tag, DicomVr vr, ReadOnlyMemory<byte> value)
    {
        if (tag.Group is 0x0002 or 0xFFFE)
        {
            throw new ArgumentException($"{tag} is not an attribute of a data set", nameof(tag));
        }

        if (vr.HasShortLength() && value.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"{tag}: a {vr} holds at most 65,534 bytes", nameof(value));
        }

        _elements[tag] = new DicomElement(tag, vr, value);
        return this;
    }

    private static void RequireText(DicomTag tag, DicomVr vr, string value)
    {
        var isMultiline = vr is DicomVr.LT or DicomVr.ST;
        var fits = vr.MaximumTextLength() > 0 && value.Length <= vr.MaximumTextLength() && vr switch
        {
            DicomVr.UI => DicomUid.IsValid(value),
            DicomVr.CS => CodeString().IsMatch(value),
            DicomVr.DS => DecimalString().IsMatch(value),
            DicomVr.IS => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            DicomVr.DA => DateOnly.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            DicomVr.TM => Time().IsMatch(value),
            _ => value.All(c => c is >= ' ' and <= '~' && (isMultiline || c != '\\')),
        };
        if (!fits)
        {
            throw new ArgumentException($"{tag} can't hold this text as {vr} (PS3.5 table 6.2-1; ASCII only)", nameof(value));
        }
    }

    [GeneratedRegex(@"^[A-Z0-9_ ]*\z")]
    private static partial Regex CodeString();

    [GeneratedRegex(@"^[+-]?(\d+(\.\d*)?|\.\d+)(E[+-]?\d+)?\z")]
    private static partial Regex DecimalString();

    [GeneratedRegex(@"^([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?\z")]
    private static partial Regex Time();
}
