using HemoApi.Hosting;

namespace HemoApi.Tests.Results;

/// <summary>A service with one study whose results are there, for tests that only read.</summary>
public sealed class FinishedStudy : IAsyncLifetime
{
    private TestService _service = null!;

    public HttpClient Client { get; private set; } = null!;

    public Guid Study { get; private set; }

    public Guid Job { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.Start();
        (Client, _, _) = await _service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        (Study, Job) = await Client.Upload(new HeadStudy().Zip());
        Assert.Equal("succeeded", (await Client.JobEnded(Job)).Status());
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}
