using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Changes;
using HemoApi.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Changes;

/// <summary>The classic trap of a feed: numbers that become visible in another order than they were given.</summary>
public sealed class ChangeOrderTests
{
    private const int Writers = 8;
    private const int ChangesEach = 40;
    private const int PollsBetweenWrites = 12;

    [Fact]
    public async Task A_reader_that_polls_while_many_write_misses_none_and_sees_none_that_was_rolled_back()
    {
        await using var service = await TestService.Start((_, _, _) => throw new InvalidOperationException("no work"));
        var (client, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var log = service.Services.GetRequiredService<ChangeLog>();
        var committed = new ConcurrentBag<(long Sequence, Guid Study)>();
        var (begun, polls) = (0, 0);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);

            // Writers of the embedded database sleep in pool threads while they wait for each other, which can starve the reader: they go on until it
            // has read between them.
            for (var i = 0; i < ChangesEach || (i < 50 * ChangesEach && Volatile.Read(ref polls) <= PollsBetweenWrites); i++)
            {
                Interlocked.Increment(ref begun);
                await using var db = service.Database.OpenAsSystem();
                await using var transaction = await db.Database.BeginTransactionAsync();
                var study = Guid.NewGuid();
                var change = await log.Append(db, tenant.Id, ChangeTypes.StudyCreated, study, null);

                // Between the number and its becoming visible: what lets a later number overtake.
                await Task.Delay(random.Next(4));
                if (random.Next(5) == 0)
                {
                    await transaction.RollbackAsync();
                    continue;
                }

                await transaction.CommitAsync();
                committed.Add((change.Sequence, study));
                log.Announce(change);
            }
        })));

        var seen = new List<(long Sequence, Guid Study)>();
        var cursor = "0";
        for (var last = false; ; Interlocked.Increment(ref polls))
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/changes?since={cursor}&limit=200");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(c => (c.GetProperty("sequence").GetInt64(), c.GetProperty("studyId").GetGuid())));
            cursor = page.GetProperty("nextCursor").GetString()!;
            if (last && !page.GetProperty("hasMore").GetBoolean())
            {
                break;
            }

            last = writing.IsCompleted;
        }

        await writing;
        Assert.InRange(committed.Count, begun / 2, begun - 1);
        Assert.True(polls > PollsBetweenWrites, $"only {polls} polls fell between the writes");
        Assert.Equal(committed.OrderBy(c => c.Sequence), seen);
        Assert.Equal(Enumerable.Range(1, committed.Count).Select(i => (long)i), seen.Select(s => s.Sequence));
    }

    [Fact]
    public async Task Without_a_transaction_nothing_is_logged()
    {
        await using var service = await TestService.Start((_, _, _) => throw new InvalidOperationException("no work"));
        var (_, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        await using var db = service.Database.OpenAsSystem();
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            service.Services.GetRequiredService<ChangeLog>().Append(db, tenant.Id, ChangeTypes.StudyCreated, Guid.NewGuid(), null));
        Assert.False(await db.Changes.AnyAsync());
    }
}
