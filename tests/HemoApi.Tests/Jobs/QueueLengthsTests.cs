using HemoApi.Hosting;
using HemoApi.Jobs;
using HemoApi.Storage;

namespace HemoApi.Tests.Jobs;

/// <summary>What those who wait are told of the queue.</summary>
public sealed class QueueLengthsTests
{
    [Fact]
    public async Task A_long_queue_is_counted_once_a_second_for_all_who_ask()
    {
        await using var service = await TestService.Start(settings: ["--Jobs:WatchInterval=01:00:00"]);
        var (client, _, tenant) = await service.Client("long", Scopes.StudiesRead);
        client.Dispose();
        var clock = new SecondsClock();
        using var lengths = new QueueLengths(clock);
        await service.AddRows(tenant, 1_000);
        Assert.Equal(1_000, await Count());

        await service.AddRows(tenant, 5);
        Assert.Equal(1_000, await Count());
        clock.Seconds = 1;
        Assert.All(await Task.WhenAll(Count(), Count(), Count()), count => Assert.Equal(1_005, count));

        async Task<int> Count()
        {
            await using var db = service.Database.OpenAsSystem();
            return (await lengths.Read(db, CancellationToken.None)).Sum(q => q.Jobs);
        }
    }

    [Fact]
    public async Task A_short_queue_is_counted_for_each()
    {
        await using var service = await TestService.Start(settings: ["--Jobs:WatchInterval=01:00:00"]);
        var (client, _, tenant) = await service.Client("short", Scopes.StudiesRead);
        client.Dispose();
        using var lengths = new QueueLengths(new SecondsClock());
        foreach (var expected in (int[])[3, 6])
        {
            await service.AddRows(tenant, 3);
            await using var db = service.Database.OpenAsSystem();
            Assert.Equal(expected, (await lengths.Read(db, CancellationToken.None)).Sum(q => q.Jobs));
        }
    }
}
