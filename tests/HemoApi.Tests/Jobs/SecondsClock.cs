namespace HemoApi.Tests.Jobs;

/// <summary>A clock that is set by hand.</summary>
internal sealed class SecondsClock : TimeProvider
{
    public int Seconds { get; set; }

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => Seconds;
}
