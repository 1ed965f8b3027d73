using System.Text;
using System.Text.Json;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Text in every character set of PS3.3 C.12.1.1.2, against pydicom and the examples of PS3.5.</summary>
public class CharacterSetTests
{
    /// <summary>Every text of pydicom's character set files, nested ones too: raw bytes, character set, what pydicom makes of them.</summary>
    private const string ReadFiles =
        """
        import glob, json, os, pydicom, warnings
        from pydicom.multival import MultiValue
        warnings.simplefilter('ignore')
        rows = []
        def walk(d, inherited, name):
            charset = d.get('SpecificCharacterSet', inherited)
            charset = [charset] if isinstance(charset, str) else list(charset)
            raw = {tag: d.get_item(tag) for tag in d.keys()}
            raw = {tag: bytes(e.value) for tag, e in raw.items() if isinstance(getattr(e, 'value', None), bytes)}
            for e in d:
                if e.VR == 'SQ':
                    for item in e.value:
                        walk(item, charset, name)
                elif e.VR in ('PN', 'LO', 'SH', 'LT', 'ST', 'UT', 'UC') and raw.get(e.tag):
                    text = '\\'.join(str(v) for v in e.value) if isinstance(e.value, MultiValue) else str(e.value)
                    rows.append([name, charset, e.VR, raw[e.tag].hex(), text])
        for path in sorted(glob.glob(os.path.join(os.path.dirname(pydicom.__file__), 'data', 'charset_files', '*.dcm'))):
            walk(pydicom.dcmread(path, force=True), [''], os.path.basename(path))
        print(json.dumps(rows))
        """;

    /// <summary>Every character of every set, encoded by Python, decoded by pydicom.</summary>
    private const string EncodeTables =
        """
        import json, unicodedata
        from pydicom.charset import convert_encodings, decode_bytes
        rows = []
        def add(charset, raw, text=None):
            rows.append([charset, raw.hex(), text or decode_bytes(raw, convert_encodings(charset), {'\\'})])
        single = {100: 'latin_1', 101: 'iso8859_2', 109: 'iso8859_3', 110: 'iso8859_4', 126: 'iso8859_7', 127: 'iso8859_6', 138: 'iso8859_8', 144: 'iso8859_5', 148: 'iso8859_9', 166: 'tis_620'}
        escapes = {100: b'-A', 101: b'-B', 109: b'-C', 110: b'-D', 126: b'-F', 127: b'-G', 138: b'-H', 144: b'-L', 148: b'-M', 166: b'-T'}
        for ir, codec in single.items():
            for byte in range(0xA0, 0x100):
                try:
                    bytes([byte]).decode(codec)
                except UnicodeDecodeError:
                    continue
                add(['ISO_IR %d' % ir], b'x' + bytes([byte]))
                add(['ISO 2022 IR 6', 'ISO 2022 IR %d' % ir], b'x\x1b' + escapes[ir] + bytes([byte]) + b'y')
        for byte in range(0xA1, 0xE0):
            add(['ISO_IR 13'], bytes([byte]) + b'a')
        for high in range(0x21, 0x7F):
            for low in range(0x21, 0x7F):
                pair = bytes([high, low]); upper = bytes([high | 0x80, low | 0x80])
                for codec, probe, charset, raw in (
                    ('iso2022_jp', b'\x1b$B' + pair + b'\x1b(B', ['', 'ISO 2022 IR 87'], b'a\x1b$B' + pair + b'\x1b(Bb'),
                    ('iso2022_jp_2', b'\x1b$(D' + pair + b'\x1b(B', ['', 'ISO 2022 IR 159'], b'a\x1b$(D' + pair + b'\x1b(Bb'),
                    ('euc_kr', upper, ['', 'ISO 2022 IR 149'], b'a\x1b$)C' + upper + b'b'),
                    ('gb2312', upper, ['', 'ISO 2022 IR 58'], b'a\x1b$)A' + upper + b'b')):
                    try:
                        probe.decode(codec)
                    except UnicodeDecodeError:
                        continue
                    # pydicom 2 leaves the escape sequence of GB 2312 in the text.
                    add(charset, raw, 'a' + upper.decode(codec) + 'b' if codec == 'gb2312' else None)
        for code in list(range(0x20, 0xD800, 7)) + list(range(0x10000, 0x20000, 61)):
            if unicodedata.category(chr(code)) in ('Cn', 'Co', 'Cs'):
                continue
            add(['ISO_IR 192'], chr(code).encode('utf8'))
            add(['GB18030'], chr(code).encode('gb18030'))
            try:
                add(['GBK'], chr(code).encode('gbk'))
            except UnicodeEncodeError:
                pass
        print(json.dumps(rows))
        """;

    /// <summary>The middle dot and the dash of GB 2312, which Python maps as the standard's annex of 1980 and everyone else as GBK does.</summary>
    private static readonly HashSet<(string Python, string DotNet)> KnownDifferences = [("\u30FB", "\u00B7"), ("\u2015", "\u2014")];

    [Fact]
    public void Every_text_of_pydicoms_character_set_files_is_read_as_pydicom_reads_it()
    {
        ExternalTools.RequirePython("pydicom");
        var rows = JsonSerializer.Deserialize<JsonElement[][]>(ExternalTools.Python(ReadFiles))!;
        foreach (var row in rows)
        {
            var stated = row[1].EnumerateArray().Select(v => v.GetString()!).ToArray();
            var text = DicomCharacterSet.Of(stated).Decode(Convert.FromHexString(row[3].GetString()!), row[2].GetString() == "PN");
            Assert.Equal($"{row[0]}: {row[4].GetString()!.TrimEnd()}", $"{row[0]}: {text.TrimEnd(' ', '\0', '=')}");
        }

        Assert.True(rows.Count(row => row[4].GetString()!.Any(c => c > 127)) >= 15);
    }

    [Fact]
    public void Every_character_of_every_set_is_decoded_as_pydicom_decodes_it()
    {
        ExternalTools.RequirePython("pydicom");
        var rows = JsonSerializer.Deserialize<JsonElement[][]>(ExternalTools.Python(EncodeTables))!;
        List<string> different = [];
        foreach (var row in rows)
        {
            var stated = row[0].EnumerateArray().Select(v => v.GetString()!).ToArray();
            var text = DicomCharacterSet.Of(stated).Decode(Convert.FromHexString(row[1].GetString()!));
            if (text != row[2].GetString() && !KnownDifferences.Contains((row[2].GetString()![1..^1], text[1..^1])))
            {
                different.Add($"{string.Join('\\', stated)} {row[1]}: {row[2]} {text} {Codes(row[2].GetString()!)} {Codes(text)}");
            }
        }

        Assert.True(different.Count == 0, $"{different.Count} of {rows.Length}:\n{string.Join('\n', different.Take(60))}");
        Assert.True(rows.Length > 30_000);
    }

    private static string Codes(string text) => string.Join('-', text.Select(c => $"{(int)c:X4}"));

    [Theory]
    [InlineData("ISO_IR 100", "C4", "Ä")]
    [InlineData("ISO 2022 IR 100", "C4", "Ä")]
    [InlineData("ISO-IR 100", "C4", "Ä")]
    [InlineData("ISO_2022_IR_101", "A3", "Ł")]
    [InlineData("ISO_IR 203", "A4", "€")]
    [InlineData("\\ISO 2022 IR 203", "1B2D62A4", "€")]
    [InlineData("", "C4", "Ä")]
    [InlineData("ISO_IR 999", "C4", "Ä")]
    [InlineData("klingon", "C4", "Ä")]
    public void Terms_and_their_usual_misspellings_are_understood(string stated, string hex, string expected) =>
        Assert.Equal(expected, DicomCharacterSet.Of(stated.Split('\\')).Decode(Convert.FromHexString(hex)));

    [Fact]
    public void A_delimiter_ends_what_an_escape_sequence_has_switched_to()
    {
        var korean = DicomCharacterSet.Of(["", "ISO 2022 IR 149"]);

        // PS3.5 I.2: each component and each value names its character set again; the first one here does not.
        Assert.Equal("홍\\»ó", korean.Decode(Convert.FromHexString("1B242943C8AB5CBBF3")));
        Assert.Equal("홍^길동", korean.Decode(Convert.FromHexString("1B242943C8AB5E1B242943B1E6B5BF"), isPersonName: true));
        Assert.Equal("홍^길동", korean.Decode(Convert.FromHexString("1B242943C8AB5EB1E6B5BF")));
    }

    [Fact]
    public void A_second_byte_that_looks_like_a_backslash_separates_no_values()
    {
        var gbk = CtImage.File(new CtImage().Dataset()
            .Text(DicomTags.SpecificCharacterSet, DicomVr.CS, "GBK")
            .Bytes(DicomTags.SeriesDescription, DicomVr.LO, new byte[] { 0x81, 0x5C, 0xB0, 0xA2 }));

        Assert.Equal("乗阿", DicomReading.Header(gbk).Value.SeriesDescription);
    }

    [Fact]
    public void Different_ids_stay_different_whatever_their_character_set_is_worth()
    {
        string[] ids =
        [
            .. from stated in (string[])["", "ISO_IR 192", "ISO_IR 6", "ISO 2022 IR 87", "GB18030", "nonsense"]
               from last in (byte[])[0xC4, 0xD6, 0xFF]
               select DicomReading.Header(CtImage.File(new CtImage().Dataset()
                   .Bytes(DicomTags.SpecificCharacterSet, DicomVr.CS, Encoding.ASCII.GetBytes(stated))
                   .Bytes(DicomTags.PatientId, DicomVr.LO, new byte[] { (byte)'1', last }))).Value.PatientId + stated,
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.DoesNotContain('\uFFFD', id));
    }

    [Fact]
    public void A_japanese_description_of_seven_bit_bytes_is_read_and_its_escapes_are_gone()
    {
        // PS3.5 H.3.1: 山田 as a description.
        var file = CtImage.File(new CtImage().Dataset()
            .Bytes(DicomTags.SpecificCharacterSet, DicomVr.CS, "\\ISO 2022 IR 87"u8.ToArray())
            .Bytes(DicomTags.SeriesDescription, DicomVr.LO, new byte[] { 0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42 }));

        Assert.Equal("山田", DicomReading.Header(file).Value.SeriesDescription);
    }
}
