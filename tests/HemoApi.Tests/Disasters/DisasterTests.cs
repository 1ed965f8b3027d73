using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Audit;
using HemoApi.Changes;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.Disasters;

/// <summary>Two API and two worker processes, killed at random moments, while the database crashes, the blob store refuses, stalls and loses
/// connections, and the disk runs full.</summary>
[Collection(AloneCollection.Name)]
public sealed class DisasterTests
{
    /// <summary>Beyond it callers wait, so that what is killed is at work and the end is not far.</summary>
    private const int LongestQueue = 6;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("HEMOAPI_LONG_TESTS") is "1";
    private static readonly int Kills = Number("HEMOAPI_KILLS") ?? (IsLong ? 200 : 5);

    /// <summary>Each of the five other disasters once in the short run, ten times in the long one.</summary>
    private static readonly int KillsPerOutage = IsLong ? 4 : 1;

    private readonly Random _random = new(Number("HEMOAPI_KILLS_SEED") ?? 6);
    private readonly Tally _tally = new();

    [Fact]
    public async Task Every_accepted_study_ends_once_with_the_same_result_and_every_refused_one_leaves_nothing()
    {
        Assert.SkipUnless(TestStorage.AzureConnectionString is not null && PostgresServer.IsInstalled, "needs PostgreSQL's programs and Azurite: .ci/postgres and .ci/azurite");
        await using var hospital = await Hospital.Open();
        using var callers = new Callers(hospital.Cluster, 2);
        using var ended = new CancellationTokenSource();
        callers.Start();
        var holding = HoldCallersWhileManyWait(hospital, callers, ended.Token);
        for (var kill = 0; kill < Kills; kill++)
        {
            var outage = kill % KillsPerOutage == 0 ? Outage(hospital, kill / KillsPerOutage % 5) : Task.CompletedTask;
            await Task.Delay(_random.Next(1500));
            var victims = Victims();
            await Note(hospital, callers, victims);
            hospital.Cluster.Kill(victims);
            await outage;
            await hospital.Cluster.Revive();
        }

        await callers.Stop();
        await ended.CancelAsync();
        await holding;
        foreach (var upload in callers.Uploads)
        {
            _tally.Count("answers", upload.Answer ?? "connection lost");
        }

        TestContext.Current.SendDiagnosticMessage($"{Kills} kills\n{_tally}");
        await Drained(hospital);
        await hospital.MinutesLater();
        Assert.Empty(hospital.Cluster.EndedByThemselves);
        Assert.Empty(hospital.Cluster.Surprises);
        await AcceptedOnesAreThere(hospital, callers);
        Assert.All(callers.Uploads.Where(u => !u.IsAccepted && u.Answer is not null), u => Assert.Contains(u.Answer, Refusals));
        await NothingElseIsLeft(hospital, callers);
    }

    /// <summary>Backpressure and outages have their answers; 500 is none of them.</summary>
    private static string[] Refusals => ["503 dependency.unavailable", "507 storage.full"];

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private int[] Victims() => _random.Next(5) switch
    {
        0 => [.. Enumerable.Range(0, Cluster.Roles.Length)],
        1 or 2 => [_random.Next(2)],
        _ => [2 + _random.Next(2)],
    };

    private async Task Outage(Hospital hospital, int kind)
    {
        var length = TimeSpan.FromMilliseconds(_random.Next(200, 4000));
        var seed = _random.Next();
        (string Name, Func<Task> Begin, Func<Task> End) outage = kind switch
        {
            0 => ("database crashed", hospital.Postgres.Crash, hospital.Postgres.Restart),
            1 => ("blob store refused", Now(hospital.Blobs.Refuse), Now(hospital.Blobs.Recover)),
            2 => ("blob store stalled", Now(hospital.Blobs.Stall), Now(hospital.Blobs.Recover)),
            3 => ("blob store lost connections", Now(() => hospital.Blobs.Lose(seed)), Now(hospital.Blobs.Recover)),
            _ => hospital.Disk is { } disk
                ? ("disk full", Now(() => disk.Fill(seed % (1 << 20))), Now(disk.Clear))
                : ("no small disk on this machine", Now(() => { }), Now(() => { })),
        };
        _tally.Count("outages", outage.Name);
        await outage.Begin();
        await Task.Delay(length);
        await outage.End();

        static Func<Task> Now(Action act) => () =>
        {
            act();
            return Task.CompletedTask;
        };
    }

    /// <summary>What the victims were at: of the workers by the database, of the APIs by their callers.</summary>
    private async Task Note(Hospital hospital, Callers callers, int[] victims)
    {
        var roles = string.Join("+", victims.Select(v => Cluster.Roles[v]));
        _tally.Count("killed", roles);
        _tally.Count("uploads in flight at a kill", $"x {callers.InFlight}");
        try
        {
            await using var db = hospital.Database.OpenAsSystem();
            foreach (var stage in await db.Jobs.Where(j => j.Status == JobStatus.Running).Select(j => j.Stage ?? "just started").ToListAsync())
            {
                _tally.Count($"jobs running when {roles} died", stage);
            }
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or InvalidOperationException)
        {
            _tally.Count($"jobs running when {roles} died", "times unknown, the database being away");
        }
    }

    private static async Task HoldCallersWhileManyWait(Hospital hospital, Callers callers, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await using var db = hospital.Database.OpenAsSystem();
                callers.Hold = await db.Jobs.CountAsync(j => j.Status == JobStatus.Queued, ended) > LongestQueue;
                await Task.Delay(200, ended);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or InvalidOperationException or OperationCanceledException)
            {
                // The database is away, or the test is at its end.
            }
        }
    }

    private static async Task Drained(Hospital hospital)
    {
        var limit = DateTime.UtcNow.AddMinutes(3);
        await using var db = hospital.Database.OpenAsSystem();
        while (await db.Jobs.AnyAsync(j => j.Status == JobStatus.Queued || j.Status == JobStatus.Running))
        {
            Assert.True(DateTime.UtcNow < limit, "the queue does not drain");
            await Task.Delay(200);
        }
    }

    private static async Task AcceptedOnesAreThere(Hospital hospital, Callers callers)
    {
        var accepted = callers.Uploads.Where(u => u.IsAccepted).ToList();
        Assert.True(accepted.Count > Kills, $"{accepted.Count} studies were accepted");
        var (undisturbed, job) = await hospital.Client.Upload(Callers.Zip("undisturbed"));
        await hospital.Client.JobEnded(job);
        var expected = await FoundHead.In(hospital.Client, undisturbed);
        var changes = await Changes(hospital.Client);
        foreach (var upload in accepted)
        {
            Assert.Equal("succeeded", (await hospital.Client.Job(upload.Job)).Status());
            Assert.Equal(expected, await FoundHead.In(hospital.Client, upload.Study));
            var told = changes.Where(c => c.StudyId == upload.Study).Select(c => c.Type).ToList();
            Assert.Equal(ChangeTypes.StudyCreated, told[0]);
            Assert.Equal(ChangeTypes.JobSucceeded, told[^1]);
            Assert.Single(told, ChangeTypes.StudyCreated);
            Assert.Single(told, ChangeTypes.JobSucceeded);
            Assert.DoesNotContain(ChangeTypes.JobFailed, told);
        }
    }

    private static async Task NothingElseIsLeft(Hospital hospital, Callers callers)
    {
        await using var db = hospital.Database.OpenAsSystem();
        var studies = await db.Studies.AsNoTracking().ToListAsync();
        var jobs = await db.Jobs.AsNoTracking().ToListAsync();
        Assert.All(studies, s => Assert.Equal(StudyStatus.Stored, s.Status));
        Assert.All(jobs, j => Assert.Equal(JobStatus.Succeeded, j.Status));
        Assert.Equal(studies.Select(s => s.Id).Order(), jobs.Select(j => j.StudyId).Order());
        Assert.Equal(jobs.Select(j => j.Id).Order(), await db.Results.Select(r => r.JobId).OrderBy(id => id).ToListAsync());

        // An upload whose answer was lost on the way may be stored, but then as whole as the others.
        var stored = studies.Select(s => s.Fingerprint).ToHashSet();
        var options = UploadStudyOptions.Of(null, null, null, null, null, null, null).Value;
        Assert.All(
            callers.Uploads.Where(u => !u.IsAccepted && u.Answer is not null),
            u => Assert.DoesNotContain(UploadStudyStore.Fingerprint(u.ZipSha256, options), stored));

        var blobs = jobs.SelectMany(j => (string[])[BlobKeys.Upload(j.StudyId), BlobKeys.Document(j.Id), BlobKeys.Mask(j.Id), BlobKeys.Image(j.Id)]);
        Assert.Equal(blobs.Order(StringComparer.Ordinal), hospital.StoredBlobs());
        Assert.Empty(hospital.Incoming());
        var tenant = await db.Tenants.SingleAsync();
        Assert.Equal(studies.Sum(s => s.UploadBytes), tenant.StoredBytes);
        Assert.Null((await AuditVerifier.Verify(db, tenant.Id, TestContext.Current.CancellationToken)).BrokenAt);
    }

    private static async Task<List<ChangeDocument>> Changes(HttpClient client)
    {
        var all = new List<ChangeDocument>();
        for (var (cursor, more) = ("0", true); more;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/changes?since={cursor}&limit=200");
            all.AddRange(page.GetProperty("items").Deserialize<List<ChangeDocument>>(JsonSerializerOptions.Web)!);
            (cursor, more) = (page.GetProperty("nextCursor").GetString()!, page.GetProperty("hasMore").GetBoolean());
        }

        Assert.Equal(Enumerable.Range(1, all.Count).Select(n => (long)n), all.Select(c => c.Sequence));
        return all;
    }
}
