using System.Text;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom.Fuzzing;

/// <summary>Makes one mutant of a valid file: a few edits that know where tags, VRs, lengths, values and fragments stand, and some that do
/// not. The same random numbers give the same mutant.</summary>
internal sealed class FuzzMutator(Random random)
{
    private const int MostEdits = 5;

    private static readonly uint[] Lengths = [0, 1, 2, 3, 7, 8, 64, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x10000, 0x100000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    private static readonly ushort[] Words = [0, 1, 2, 7, 8, 11, 12, 15, 16, 17, 32, 255, 256, 512, 4096, 4097, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF];

    private static readonly string[] Texts =
    [
        "", "NaN", "Infinity", "-Infinity", "0", "-0", "-1", "1", "1e308\\1e308\\1e308", "0\\0\\0", "0\\0\\0\\0\\0\\0", "1\\0\\0\\1\\0\\0",
        "0.7071067\\0.7071067\\0\\-0.7071067\\0.7071067\\0", "NaN\\NaN", "0\\0", "-0.5\\0.5", "1e-300\\1e-300", "1e300\\1e300", "\\\\\\\\\\\\", "65536", "2147483648",
        "-2147483649", "1e99", "1\\2", "CT", "MR", "MONOCHROME1", "RGB", "HU", "20240229", "00000000", "99999999", "1.2.840.10008.1.3.10",
        "1.2.840.10008.5.1.4.1.1.2.1", "ORIGINAL\\PRIMARY\\LOCALIZER", "ISO 2022 IR 87\\ISO 2022 IR 149", "\\ISO 2022 IR 58", "ISO_IR 192", "GB18030", "GBK",
        "ISO_IR 100", "\u001b$B\u001b(B\u001b$)C\u001b", "\u00ff\u00fe\u00fd\u0080\u0081", "\u001b", "\u001b-", "\u001b$)",
    ];

    private static readonly DicomTag[] Tags =
        [.. DicomHeader.Wanted.Keys, DicomTags.Item, DicomTags.ItemDelimitation, DicomTags.SequenceDelimitation, DicomTags.PixelData, DicomTags.FloatPixelData, DicomTags.TransferSyntaxUid];

    private static readonly string[] VrNames = ["SQ", "UN", "OB", "OW", "UT", "US", "SS", "UL", "DS", "IS", "LO", "UI", "AT", "FD", "\0\0", "zz", "ZZ"];

    /// <param name="others">Files to splice with.</param>
    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> others)
    {
        var file = FuzzFile.Of(seed);
        for (var edits = random.Next(1, MostEdits + 1); edits > 0 && file.Dataset.Count > 8; edits--)
        {
            switch (random.Next(10))
            {
                case 0:
                    EditMeta(file, others);
                    break;
                case < 4:
                    file.Dataset = EditBytes(file.Dataset);
                    break;
                default:
                    EditElement(file, others);
                    break;
            }
        }

        var mutant = file.ToBytes();
        return random.Next(file.Syntax.IsDeflated ? 3 : 20) == 0 ? [.. EditBytes([.. mutant])] : mutant;
    }

    private void EditMeta(FuzzFile file, IReadOnlyList<byte[]> others)
    {
        switch (random.Next(5))
        {
            case 0:
                file.Prefix = [.. EditBytes([.. file.Prefix])];
                break;
            case 1:
                // The data set is not what the meta header of another file says.
                file.Prefix = FuzzFile.Of(Pick(others)).Prefix;
                break;
            case 2:
                file.Prefix = [];
                break;
            case 3 when file.Prefix.Length > 4:
                Pick<byte[]>([[.. "MZ"u8], [0x7F, .. "ELF"u8], [.. "II*\0"u8], [.. "PK"u8]]).CopyTo(file.Prefix, 0);
                break;
            default:
                file.Prefix = file.Prefix[..random.Next(file.Prefix.Length + 1)];
                break;
        }
    }

    private List<byte> EditBytes(List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            return bytes;
        }

        var at = random.Next(bytes.Count);
        var count = Math.Min(random.Next(1, 33), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                Fill(bytes, at, count, _ => 0xFF);
                break;
            case 3:
                Fill(bytes, at, count, _ => (byte)random.Next(256));
                break;
            case 4:
                bytes.RemoveRange(at, count);
                break;
            case 5:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, count));
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }

        return bytes;
    }

    private void EditElement(FuzzFile file, IReadOnlyList<byte[]> others)
    {
        var elements = file.Elements();
        if (elements.Count == 0)
        {
            return;
        }

        var element = Pick(elements);
        switch (random.Next(11))
        {
            case 0:
                file.SetLength(element, random.Next(3) == 0 ? (uint)(element.End - element.Value + random.Next(-9, 10)) : Pick(Lengths));
                break;
            case 1:
                Replace(file, element.Start, file.TagBytes(random.Next(4) == 0 ? new((ushort)random.Next(1 << 16), (ushort)random.Next(1 << 16)) : Pick(Tags)));
                break;
            case 2:
                Replace(file, element.Start + 4, Encoding.ASCII.GetBytes(Pick(VrNames)));
                break;
            case 3:
                var text = Pick(Texts);
                file.SetValue(element, Encoding.Latin1.GetBytes(text.Length % 2 == 0 ? text : text + ' '));
                break;
            case 4:
                file.SetValue(Pick([.. elements.Where(e => e.Tag.Group == 0x0028).DefaultIfEmpty(element)]), file.Word(Pick(Words)));
                break;
            case 5:
                file.Dataset.RemoveRange(element.Start, element.End - element.Start);
                break;
            case 6:
                file.Dataset.InsertRange(Pick(elements).Start, file.Dataset.GetRange(element.Start, element.End - element.Start));
                break;
            case 7:
                Swap(file, element, Pick(elements));
                break;
            case 8:
                Wrap(file, element, random.Next(8) == 0 ? random.Next(1, 60) : 1);
                break;
            case 9:
                Split(file, Pick([.. elements.Where(e => e.Tag == DicomTags.Item).DefaultIfEmpty(element)]));
                break;
            default:
                var other = FuzzFile.Of(Pick(others));
                file.Dataset.RemoveRange(element.Start, file.Dataset.Count - element.Start);
                file.Dataset.AddRange(other.Dataset.Skip(Pick(other.Elements()).Start));
                break;
        }
    }

    private static void Swap(FuzzFile file, FuzzElement a, FuzzElement b)
    {
        var (first, second) = a.Start <= b.Start ? (a, b) : (b, a);
        if (first.End > second.Start)
        {
            return;
        }

        var bytes = file.Dataset;
        file.Dataset =
        [
            .. bytes[..first.Start], .. bytes[second.Start..second.End], .. bytes[first.End..second.Start],
            .. bytes[first.Start..first.End], .. bytes[second.End..],
        ];
    }

    /// <summary>Into an item of a sequence of undefined length, or so many of them; sometimes an end mark is missing.</summary>
    private void Wrap(FuzzFile file, FuzzElement element, int levels)
    {
        byte[] undefined = [0xFF, 0xFF, 0xFF, 0xFF];
        byte[] sequence = [.. file.TagBytes(new(0x0040, 0x0275)), .. file.Syntax.IsExplicitVr ? "SQ\0\0"u8 : default, .. undefined];
        byte[] item = [.. file.TagBytes(DicomTags.Item), .. undefined];
        byte[] ends = [.. file.TagBytes(DicomTags.ItemDelimitation), 0, 0, 0, 0, .. file.TagBytes(DicomTags.SequenceDelimitation), 0, 0, 0, 0];
        byte[] open = [.. sequence, .. item];
        if (random.Next(5) == 0)
        {
            ends = ends[..8];
        }

        file.Dataset.InsertRange(element.End, [.. Enumerable.Repeat(ends, levels).SelectMany(e => e)]);
        file.Dataset.InsertRange(element.Start, [.. Enumerable.Repeat(open, levels).SelectMany(o => o)]);
    }

    /// <summary>One fragment becomes two, or one and an empty one.</summary>
    private void Split(FuzzFile file, FuzzElement fragment)
    {
        var length = fragment.End - fragment.Value;
        var first = random.Next(length + 1);
        file.SetLength(fragment, (uint)first);
        file.Dataset.InsertRange(fragment.Value + first, [.. file.TagBytes(DicomTags.Item), .. BitConverter.GetBytes(length - first)]);
    }

    private static void Fill(List<byte> bytes, int at, int count, Func<int, byte> value)
    {
        for (var i = at; i < at + count; i++)
        {
            bytes[i] = value(i);
        }
    }

    private static void Replace(FuzzFile file, int at, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length && at + i < file.Dataset.Count; i++)
        {
            file.Dataset[at + i] = bytes[i];
        }
    }

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
