namespace HemoApi.Jobs;

/// <summary>Lets the workers of a process start their jobs one after the other. The job that is due is the same for all of them: at once, all but one
/// would wait for its row in vain.</summary>
public sealed class StartGate : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <returns>To be disposed of when the start is over.</returns>
    public async Task<IDisposable> Enter()
    {
        await _gate.WaitAsync();
        return new Turn(_gate);
    }

    public void Dispose() => _gate.Dispose();

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
