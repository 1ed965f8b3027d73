namespace HemoApi.Studies;

/// <summary>The bytes that the entries of one archive may still expand to, counted as they come and not as claimed.</summary>
internal sealed class ZipIntakeBudget(long bytes)
{
    public long Bytes => bytes;

    public bool IsExceeded { get; private set; }

    private long _used;

    public bool Spend(int count)
    {
        _used += count;
        IsExceeded |= _used > bytes;
        return !IsExceeded;
    }
}
