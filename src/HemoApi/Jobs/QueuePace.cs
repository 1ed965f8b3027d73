namespace HemoApi.Jobs;

/// <summary>How fast jobs have started lately, by the counts that <see cref="QueueSampler"/> reads: what a caller is told who must wait for a
/// place in the queue.</summary>
public sealed class QueuePace(TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Where nothing has started for as long as this process can tell: a job that is slow to end, as far as anyone knows.</summary>
    private static readonly TimeSpan Unknown = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<Sample> _samples = [];

    /// <param name="starts">Of each tenant, since there are counts.</param>
    public void Sampled(IReadOnlyDictionary<Guid, long> starts)
    {
        lock (_gate)
        {
            _samples.Enqueue(new Sample(time.GetTimestamp(), starts));
            while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().At) > Memory)
            {
                _samples.Dequeue();
            }
        }
    }

    /// <summary>How long so many starts should take, 1 s to 1 h.</summary>
    /// <param name="tenantId">Of this tenant's jobs; of anyone's where null.</param>
    public TimeSpan Until(int starts, Guid? tenantId = null)
    {
        lock (_gate)
        {
            if (_samples.Count < 2)
            {
                return Unknown;
            }

            var (first, last) = (_samples.Peek(), _samples.Last());
            var started = last.Of(tenantId) - first.Of(tenantId);
            var seconds = time.GetElapsedTime(first.At, last.At).TotalSeconds;
            return started <= 0 ? Unknown : TimeSpan.FromSeconds(Math.Clamp(starts * seconds / started, Shortest.TotalSeconds, Longest.TotalSeconds));
        }
    }

    private sealed record Sample(long At, IReadOnlyDictionary<Guid, long> Starts)
    {
        public long Of(Guid? tenantId) => tenantId is { } id ? Starts.GetValueOrDefault(id) : Starts.Values.Sum();
    }
}
