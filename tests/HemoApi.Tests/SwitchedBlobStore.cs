using Azure;
using HemoApi.Jobs;
using HemoApi.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests;

/// <summary>The blob store under test, with a switch to take it away and a gate to hold uploads up.</summary>
internal sealed class SwitchedBlobStore(IBlobStore real) : IBlobStore
{
    /// <summary>Starts a service with a switch in front of its blob store.</summary>
    public static async Task<(TestService Service, SwitchedBlobStore Blobs)> Start(SegmentStudy? work = null)
    {
        var service = await TestService.Start(work, adjust: builder =>
        {
            var real = builder.Services.Last(s => s.ServiceType == typeof(IBlobStore)).ImplementationType!;
            builder.Services.AddSingleton<IBlobStore>(services => new SwitchedBlobStore((IBlobStore)ActivatorUtilities.CreateInstance(services, real)));
        });
        return (service, (SwitchedBlobStore)service.Blobs);
    }

    public bool IsAway { get; set; }

    /// <summary>Deletions fail as well; otherwise they reach the store that is away, so that its services can end in good order.</summary>
    public bool KeepsEverything { get; set; }

    /// <summary>What a file on its way in waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Task Prepare(CancellationToken cancellationToken) => real.Prepare(cancellationToken);

    public Task Put(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => Reach().Put(key, write, cancellationToken);

    public async Task PutFile(string key, string file, CancellationToken cancellationToken)
    {
        await Gate;
        await Reach().PutFile(key, file, cancellationToken);
    }

    public Task<Stream?> Open(string key, CancellationToken cancellationToken) => Reach().Open(key, cancellationToken);

    public Task DeletePrefix(string prefix, CancellationToken cancellationToken) => (KeepsEverything ? Reach() : real).DeletePrefix(prefix, cancellationToken);

    public IAsyncEnumerable<StoredBlob> List(string prefix, CancellationToken cancellationToken) => Reach().List(prefix, cancellationToken);

    public Task<bool> Exists(string key, CancellationToken cancellationToken) => Reach().Exists(key, cancellationToken);

    public Task Delete(string key, CancellationToken cancellationToken) => real.Delete(key, cancellationToken);

    public Task Probe(CancellationToken cancellationToken) => Reach().Probe(cancellationToken);

    private IBlobStore Reach() => IsAway ? throw new RequestFailedException(503, "away") : real;
}
