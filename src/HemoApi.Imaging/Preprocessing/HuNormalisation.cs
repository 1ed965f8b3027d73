namespace HemoApi.Imaging.Preprocessing;

/// <summary>Hounsfield units to network input: −1 to 1 linearly over the window, logarithmic tails outside of it, so that
/// blood against brain gets the range and bone, air and calcification stay distinct. With u = (HU − centre) / half width:
/// u inside [−1, 1]; 1 + upperTail · log2(u) above; −1 − lowerTail · log2(−u) below.</summary>
public sealed record HuNormalisation(double LowHu, double HighHu, double UpperTail, double LowerTail)
{
    /// <summary>−20 to 120 HU: from fat-free water to just over the densest clotted blood.</summary>
    public static HuNormalisation Default { get; } = new(-20, 120, 0.25, 0.15);

    private const int TableMinimumHu = -1100;
    private const int TableMaximumHu = 4000;
    private float[]? _table;

    public float Apply(double hu)
    {
        var u = (hu - ((LowHu + HighHu) / 2)) / ((HighHu - LowHu) / 2);
        return (float)(u > 1 ? 1 + (UpperTail * Math.Log2(u)) : u < -1 ? -1 - (LowerTail * Math.Log2(-u)) : u);
    }

    /// <summary>Applies to every value; HU are limited to −1100…4000 first and interpolated in a table of 1 HU steps.</summary>
    public void Apply(ReadOnlySpan<float> hu, Span<float> normalised)
    {
        var table = _table ??= [.. Enumerable.Range(TableMinimumHu, TableMaximumHu - TableMinimumHu + 2).Select(h => Apply(h))];
        for (var i = 0; i < hu.Length; i++)
        {
            var position = Math.Clamp(hu[i], TableMinimumHu, TableMaximumHu) - TableMinimumHu;
            var index = (int)position;
            var fraction = position - index;
            normalised[i] = table[index] + (fraction * (table[index + 1] - table[index]));
        }
    }

    public bool Equals(HuNormalisation? other) => other is not null
        && (LowHu, HighHu, UpperTail, LowerTail) == (other.LowHu, other.HighHu, other.UpperTail, other.LowerTail);

    public override int GetHashCode() => HashCode.Combine(LowHu, HighHu, UpperTail, LowerTail);
}
