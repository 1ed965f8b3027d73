using HemoApi.Hosting;
using HemoApi.Housekeeping;
using HemoApi.Jobs;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests;

/// <summary>The real service on a port of its own, with its own data folder and a tiny model.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly string _folder;
    private readonly WebApplication _app;

    private TestService(string folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        Anonymous = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Anonymous { get; }

    public HemoDatabase Database => _app.Services.GetRequiredService<HemoDatabase>();

    public IBlobStore Blobs => _app.Services.GetRequiredService<IBlobStore>();

    public IServiceProvider Services => _app.Services;

    public string Folder => _folder;

    public JobQueue Queue => _app.Services.GetRequiredService<JobQueue>();

    /// <param name="work">What a job does instead of the pipeline, where a test is about jobs alone.</param>
    /// <param name="adjust">The last word on services.</param>
    /// <param name="stagePause">How long the pipeline rests at the start of each stage, so that a fast machine shows every stage too.</param>
    public static async Task<TestService> Start(
        SegmentStudy? work = null,
        string? folder = null,
        byte[]? network = null,
        string[]? settings = null,
        Action<WebApplicationBuilder>? adjust = null,
        TimeSpan stagePause = default)
    {
        folder ??= (await ServiceFolder.Create(network ?? TestModel.Fast())).Path;
        var models = TestModel.Write(folder, network ?? TestModel.Fast());
        var app = Program.Build(
            ["--urls=http://127.0.0.1:0", $"--Models:Folders:0={models}", "--Models:Provider=cpu", "--FirstStart:SampleStudy=false", "--Logging:LogLevel:Default=Critical", .. TestStorage.Settings(folder), .. settings ?? []],
            builder =>
            {
                if (work is not null)
                {
                    builder.Services.AddSingleton(work);
                }

                if (stagePause > TimeSpan.Zero)
                {
                    builder.Services.AddSingleton(services => Paused(services.GetRequiredService<StudySegmenter>().Run, stagePause));
                }

                adjust?.Invoke(builder);
            });
        await app.StartAsync();
        return new TestService(folder, app);
    }

    /// <summary>For <see cref="Start"/>: housekeeping comes when the test calls it, and not in between because the service has just started.</summary>
    public static void WithoutCalendar(WebApplicationBuilder builder) =>
        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(HousekeepingSchedule)));

    private static SegmentStudy Paused(SegmentStudy pipeline, TimeSpan pause) => (jobId, progress, cancellationToken) =>
    {
        var stage = "";
        return pipeline(
            jobId,
            report =>
            {
                progress(report);
                if (stage != report.Stage)
                {
                    cancellationToken.WaitHandle.WaitOne(pause);
                }

                stage = report.Stage;
            },
            cancellationToken);
    };

    /// <summary>A client with a new key.</summary>
    public async Task<(HttpClient Client, string Key, Tenant Tenant)> Client(string tenantName, params string[] scopes)
    {
        await using var db = Database.OpenAsSystem();
        var tenant = db.Tenants.SingleOrDefault(t => t.Name == tenantName) ?? db.Add(new Tenant { Name = tenantName, CreatedAt = DateTimeOffset.UtcNow }).Entity;
        var (key, row) = ApiKeys.Create(tenant.Id, scopes, DateTimeOffset.UtcNow);
        db.Add(row);
        await db.SaveChangesAsync();
        var client = new HttpClient { BaseAddress = Anonymous.BaseAddress };
        client.DefaultRequestHeaders.Add(ApiKeyAuthentication.Header, key);
        return (client, key, tenant);
    }

    public async Task<Job> AddStudy(Tenant tenant, Action<Job>? change = null, JobPriority priority = JobPriority.Routine)
    {
        var job = (await AddRows(tenant, 1, change, priority))[0];
        await Blobs.Put(BlobKeys.Upload(job.StudyId), (stream, ct) => stream.WriteAsync(new byte[1], ct).AsTask(), default);
        return job;
    }

    /// <summary>Studies without uploads, for work that reads none.</summary>
    public async Task<IReadOnlyList<Job>> AddRows(Tenant tenant, int count, Action<Job>? change = null, JobPriority priority = JobPriority.Routine)
    {
        await using var db = Database.OpenAsSystem();
        var jobs = new List<Job>();
        for (var i = 0; i < count; i++)
        {
            var now = DateTimeOffset.UtcNow;
            var study = new Study
            {
                TenantId = tenant.Id,
                Fingerprint = Guid.NewGuid().ToString(),
                Status = StudyStatus.Stored,
                UploadBytes = 1,
                StudyInstanceUid = "1.2.3",
                PatientId = "PATIENT-17",
                StudyDateTime = null,
                Files = [],
                Series = [],
                UsedEntries = [],
                CreatedAt = now,
            };
            var job = new Job
            {
                TenantId = tenant.Id,
                StudyId = study.Id,
                Priority = priority,
                ModelId = null,
                SeriesInstanceUid = null,
                CreatedAt = now,
                QueuedAt = now,
            };
            change?.Invoke(job);
            db.Add(study);
            db.Add(job);
            jobs.Add(job);
        }

        await db.SaveChangesAsync();
        return jobs;
    }

    /// <summary>Ends the process's part and keeps the data, for a second start on the same folder.</summary>
    public async Task<string> Stop()
    {
        Anonymous.Dispose();
        await _app.DisposeAsync();
        return _folder;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        TestStorage.Drop(_folder);
        Directory.Delete(_folder, recursive: true);
    }
}
