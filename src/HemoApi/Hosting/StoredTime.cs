namespace HemoApi.Hosting;

/// <summary>The system's clock in whole microseconds, which is what PostgreSQL keeps: a time that was just written is the one that is
/// read back later.</summary>
public sealed class StoredTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = System.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
