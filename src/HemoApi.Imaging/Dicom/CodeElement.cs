using System.Text;

namespace HemoApi.Imaging.Dicom;

/// <summary>A set of characters of one or two bytes that ISO 2022 switches between (PS3.3 tables C.12-3 and C.12-4).</summary>
internal sealed class CodeElement
{
    public static readonly CodeElement Ascii = new(20127, isG0: true);

    /// <summary>JIS X 0201, the left half. Its yen sign and overline are read as the backslash and tilde that they stand for in DICOM.</summary>
    public static readonly CodeElement Romaji = new(932, isG0: true);

    /// <summary>JIS X 0201, the right half: katakana of half width.</summary>
    public static readonly CodeElement Katakana = new(932);

    public static readonly CodeElement Latin1 = new(28591);

    private const byte HighBit = 0x80;

    /// <summary>Code pages that hold JIS X 0208 with both high bits set, and JIS X 0212 with that of the first byte only.</summary>
    private const int JapaneseCodePage = 20932;

    private static readonly Dictionary<int, CodeElement> ByRegistration = new()
    {
        [6] = Latin1,
        [100] = Latin1,
        [101] = new(28592),
        [109] = new(28593),
        [110] = new(28594),
        [126] = new(28597, revised: "\u00A1\u2018\u00A2\u2019\u00A4\u20AC\u00A5\u20AF\u00AA\u037A"),
        [127] = new(28596),
        [138] = new(28598, revised: "\u00AF\u00AF\u00FD\u200E\u00FE\u200F"),
        [144] = new(28595),
        [148] = new(28599),
        [166] = new(874),
        [203] = new(28605),
    };

    /// <summary>By what stands behind the escape byte.</summary>
    private static readonly (byte[] Sequence, CodeElement Element)[] Designations =
    [
        ([.. "(B"u8], Ascii),
        ([.. "(J"u8], Romaji),
        ([.. ")I"u8], Katakana),
        ([.. "-A"u8], Latin1),
        ([.. "-B"u8], ByRegistration[101]),
        ([.. "-C"u8], ByRegistration[109]),
        ([.. "-D"u8], ByRegistration[110]),
        ([.. "-F"u8], ByRegistration[126]),
        ([.. "-G"u8], ByRegistration[127]),
        ([.. "-H"u8], ByRegistration[138]),
        ([.. "-L"u8], ByRegistration[144]),
        ([.. "-M"u8], ByRegistration[148]),
        ([.. "-T"u8], ByRegistration[166]),
        ([.. "-b"u8], ByRegistration[203]),
        ([.. "$B"u8], new(JapaneseCodePage, isG0: true, 2, firstBits: HighBit, secondBits: HighBit)),
        ([.. "$(D"u8], new(JapaneseCodePage, isG0: true, 2, firstBits: HighBit, revised: "\u2237~\u2271\u2116")),
        ([.. "$)C"u8], new(949, bytes: 2)),
        ([.. "$)A"u8], new(936, bytes: 2)),
    ];

    private readonly Encoding _encoding;
    private readonly byte _firstBits;
    private readonly byte _secondBits;
    private readonly string _revised;

    /// <param name="revised">Pairs of a code and its character, where the standard gives it one that the code page lacks or has replaced.</param>
    private CodeElement(int codePage, bool isG0 = false, int bytes = 1, byte firstBits = 0, byte secondBits = 0, string revised = "")
    {
        _encoding = Strict(codePage);
        _revised = revised;
        IsG0 = isG0;
        BytesPerCharacter = bytes;
        (_firstBits, _secondBits) = (firstBits, secondBits);
    }

    /// <summary>It stands for bytes without the high bit.</summary>
    public bool IsG0 { get; }

    public int BytesPerCharacter { get; }

    /// <summary>The single-byte set of an ISO registration number, as ISO_IR names it.</summary>
    public static CodeElement? OfRegistration(int number) => ByRegistration.GetValueOrDefault(number);

    /// <param name="sequence">From behind the escape byte.</param>
    public static (CodeElement Element, int Length)? Designated(ReadOnlySpan<byte> sequence)
    {
        foreach (var (start, element) in Designations)
        {
            if (sequence.StartsWith(start))
            {
                return (element, start.Length);
            }
        }

        return null;
    }

    /// <summary>An encoding that marks what it can't read with U+FFFD, never with a character that could be meant.</summary>
    public static Encoding Strict(int codePage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codePage, Encoder, Decoder) ?? Encoding.GetEncoding(codePage, Encoder, Decoder);

    public void Append(StringBuilder text, ReadOnlySpan<byte> character)
    {
        if (character.Length != BytesPerCharacter || (character[0] < HighBit) != (character[^1] < HighBit))
        {
            text.Append('\uFFFD');
            return;
        }

        var code = BytesPerCharacter == 1 ? character[0] : (character[0] << 8) | character[1];
        for (var i = 0; i < _revised.Length; i += 2)
        {
            if (_revised[i] == code)
            {
                text.Append(_revised[i + 1]);
                return;
            }
        }

        Span<byte> bytes = [.. character];
        bytes[0] |= _firstBits;
        bytes[^1] |= _secondBits;
        text.Append(_encoding.GetString(bytes));
    }

    private static EncoderFallback Encoder => EncoderFallback.ReplacementFallback;

    private static DecoderFallback Decoder => new DecoderReplacementFallback("\uFFFD");
}
