using System.Numerics;
using System.Runtime.InteropServices;

namespace HemoApi.Imaging.Dicom;

/// <summary>How the bits of a pixel become HU.</summary>
/// <param name="Padding">(0028,0120) and (0028,0121) as bits; pixels between them were never measured (PS3.3 C.7.5.1.1.2).</param>
internal readonly record struct HounsfieldRule(
    int BitsAllocated,
    int BitsStored,
    int HighBit,
    bool IsSigned,
    double Slope,
    double Intercept,
    (ushort First, ushort Last)? Padding);

/// <summary>HU for every pattern of 16 bits, so that decoding is one look-up whatever the rule; of a pixel of 8 bits the upper ones do not count.</summary>
internal sealed class HounsfieldTable
{
    /// <summary>What padding becomes: air.</summary>
    public const short AirHu = -1024;

    /// <summary>Padding counts where its HU is outside of what a body has. A padding value within (files with 0 HU exist)
    /// can't be told from tissue, and taking it for air would punch holes into the brain.</summary>
    private const double LowestTissueHu = -900;

    private const double HighestTissueHu = 4000;

    private readonly short[] _hounsfield;
    private readonly int _above;
    private readonly int _beside;

    /// <summary>Every entry of the table is the stored value plus a constant, as of most scanners: then arithmetic is several times as fast as look-ups.</summary>
    private readonly bool _isShiftAndAdd;

    public HounsfieldTable(HounsfieldRule rule)
    {
        Rule = rule;
        _hounsfield = new short[1 << 16];
        for (var bits = 0; bits < _hounsfield.Length; bits++)
        {
            _hounsfield[bits] = Hounsfield(rule, (ushort)bits);
        }

        _above = 15 - rule.HighBit;
        _beside = 16 - rule.BitsStored;
        _isShiftAndAdd = rule.BitsAllocated == 16 && rule.Slope == 1 && rule.Intercept == (short)rule.Intercept;
        for (var bits = 0; _isShiftAndAdd && bits < _hounsfield.Length; bits++)
        {
            var shifted = (ushort)(bits << _above);
            var stored = rule.IsSigned ? (short)shifted >> _beside : shifted >> _beside;
            _isShiftAndAdd = unchecked((short)(stored + (short)rule.Intercept)) == _hounsfield[bits];
        }
    }

    public HounsfieldRule Rule { get; }

    public void Map(ReadOnlySpan<ushort> pixels, Span<short> hounsfield)
    {
        if (_isShiftAndAdd)
        {
            var done = ShiftAndAdd(pixels, hounsfield);
            pixels = pixels[done..];
            hounsfield = hounsfield[done..];
        }

        var table = _hounsfield.AsSpan(0, 1 << 16);
        for (var i = 0; i < pixels.Length && i < hounsfield.Length; i++)
        {
            hounsfield[i] = table[pixels[i]];
        }
    }

    /// <returns>How many pixels were done: a multiple of what a vector holds.</returns>
    private int ShiftAndAdd(ReadOnlySpan<ushort> pixels, Span<short> hounsfield)
    {
        var source = MemoryMarshal.Cast<ushort, Vector<ushort>>(pixels);
        var target = MemoryMarshal.Cast<short, Vector<short>>(hounsfield);
        var intercept = new Vector<short>((short)Rule.Intercept);
        var count = Math.Min(source.Length, target.Length);
        for (var i = 0; i < count; i++)
        {
            var shifted = Vector.ShiftLeft(source[i], _above);
            var stored = Rule.IsSigned
                ? Vector.ShiftRightArithmetic(Vector.AsVectorInt16(shifted), _beside)
                : Vector.AsVectorInt16(Vector.ShiftRightLogical(shifted, _beside));
            target[i] = stored + intercept;
        }

        return count * Vector<ushort>.Count;
    }

    public void Map(ReadOnlySpan<byte> pixels, Span<short> hounsfield)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            hounsfield[i] = _hounsfield[pixels[i]];
        }
    }

    private static short Hounsfield(HounsfieldRule rule, ushort bits)
    {
        var stored = StoredValue(rule, bits);
        var hu = (stored * rule.Slope) + rule.Intercept;
        if (rule.Padding is { } padding && hu is < LowestTissueHu or > HighestTissueHu)
        {
            var first = StoredValue(rule, padding.First);
            var last = StoredValue(rule, padding.Last);
            if (stored >= Math.Min(first, last) && stored <= Math.Max(first, last))
            {
                return AirHu;
            }
        }

        return (short)Math.Clamp(Math.Round(hu), short.MinValue, short.MaxValue);
    }

    /// <summary>PS3.5 section 8.1.1: bits outside of the stored ones (old overlays) do not count.</summary>
    private static int StoredValue(HounsfieldRule rule, ushort bits)
    {
        var stored = (bits >> (rule.HighBit + 1 - rule.BitsStored)) & ((1 << rule.BitsStored) - 1);
        var sign = 1 << (rule.BitsStored - 1);
        return rule.IsSigned ? (stored ^ sign) - sign : stored;
    }
}
