using System.Buffers;
using System.Globalization;
using System.Text;

namespace HemoApi.Imaging.Dicom;

/// <summary>Decodes text by SpecificCharacterSet (0008,0005): PS3.3 C.12.1.1.2, PS3.5 6.1.2. Every defined term of the standard, code extensions of
/// ISO 2022 included, and the usual misspellings of them.</summary>
/// <remarks>What is not valid in the stated character set, or stated as none, is taken byte for byte as ISO 8859-1: the text may then look odd, but two
/// different values never become one, and Patient IDs are compared.</remarks>
internal sealed class DicomCharacterSet
{
    private const byte Escape = 0x1B;
    private const byte HighBit = 0x80;
    private const int LongestStatedNumber = 3;

    private static readonly SearchValues<byte> Printable = SearchValues.Create([.. Enumerable.Range(0x20, 0x7F - 0x20).Select(b => (byte)b)]);

    /// <summary>The character set of files that state none: ISO_IR 6.</summary>
    private static readonly DicomCharacterSet Default = new(null, CodeElement.Ascii, CodeElement.Latin1);

    private readonly Encoding? _whole;
    private readonly CodeElement _g0;
    private readonly CodeElement _g1;

    private DicomCharacterSet(Encoding? whole, CodeElement g0, CodeElement g1)
    {
        _whole = whole;
        _g0 = g0;
        _g1 = g1;
    }

    /// <param name="stated">The values of (0008,0005). Only the first decides how a value starts; what the others allow is named again by escape
    /// sequences.</param>
    public static DicomCharacterSet Of(IReadOnlyList<string> stated)
    {
        var term = stated.Count == 0 ? string.Empty : stated[0].Trim().ToUpperInvariant();
        return term switch
        {
            "GB18030" => Whole(54936),
            "GBK" or "ISO 2022 GBK" => Whole(936),
            _ when !term.StartsWith("ISO", StringComparison.Ordinal) => Default,
            _ => Number(term) switch
            {
                192 => Whole(65001),
                13 => new(null, CodeElement.Romaji, CodeElement.Katakana),
                { } number when CodeElement.OfRegistration(number) is { } element => new(null, CodeElement.Ascii, element),
                _ => Default,
            },
        };
    }

    /// <param name="isPersonName">Also ^ and = end what an escape sequence has switched to (PS3.5 6.1.2.5.3).</param>
    public string Decode(ReadOnlySpan<byte> value, bool isPersonName = false)
    {
        if (!value.ContainsAnyExcept(Printable))
        {
            return Encoding.ASCII.GetString(value);
        }

        var text = _whole is null ? DecodeExtended(value, isPersonName) : _whole.GetString(value);
        return text.Contains('\uFFFD') ? Encoding.Latin1.GetString(value) : text;
    }

    private static DicomCharacterSet Whole(int codePage) => new(CodeElement.Strict(codePage), CodeElement.Ascii, CodeElement.Latin1);

    /// <summary>100 of "ISO_IR 100", "ISO 2022 IR 100", "ISO-IR 100", "ISO_2022_IR_100".</summary>
    private static int? Number(string term)
    {
        var digits = term.AsSpan(term.AsSpan().TrimEnd("0123456789").Length);
        return digits.Length is > 0 and <= LongestStatedNumber ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) : null;
    }

    private string DecodeExtended(ReadOnlySpan<byte> value, bool isPersonName)
    {
        var text = new StringBuilder(value.Length);
        var (g0, g1) = (_g0, _g1);
        while (value.Length > 0)
        {
            if (value[0] == Escape)
            {
                if (CodeElement.Designated(value[1..]) is not var (element, length))
                {
                    text.Append('\uFFFD');
                    value = value[1..];
                    continue;
                }

                (g0, g1) = element.IsG0 ? (element, g1) : (g0, element);
                value = value[(1 + length)..];
                continue;
            }

            var isControl = value[0] < ' ';
            var current = value[0] <= ' ' ? CodeElement.Ascii : value[0] < HighBit ? g0 : g1;
            var bytes = Math.Min(current.BytesPerCharacter, value.Length);
            if (isControl || (current.BytesPerCharacter == 1 && IsDelimiter(value[0], isPersonName)))
            {
                (g0, g1) = (_g0, _g1);
            }

            current.Append(text, value[..bytes]);
            value = value[bytes..];
        }

        return text.ToString();
    }

    private static bool IsDelimiter(byte value, bool isPersonName) => value == '\\' || (isPersonName && value is (byte)'^' or (byte)'=');
}
