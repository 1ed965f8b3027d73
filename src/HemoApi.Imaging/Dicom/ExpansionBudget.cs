namespace HemoApi.Imaging.Dicom;

/// <summary>The bytes that everything compressed in one upload may still expand to, counted as they come and not as claimed. One
/// for the whole upload: deflated files inside a deflated archive multiply what either alone can do.</summary>
public sealed class ExpansionBudget(long bytes)
{
    private long _used;

    /// <summary>The limit.</summary>
    public long Bytes => bytes;

    public bool IsExceeded => Volatile.Read(ref _used) > bytes;

    /// <summary>From any thread.</summary>
    /// <returns>False once the limit is passed.</returns>
    public bool Spend(int count) => Interlocked.Add(ref _used, count) <= bytes;
}
