using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Studies;

/// <summary>Good uploads through HTTP: what is answered, and what is kept.</summary>
public sealed class UploadTests(UploadTests.Fixture fixture) : IClassFixture<UploadTests.Fixture>
{
    private readonly UploadHost _host = fixture.Host;

    [Fact]
    public async Task An_upload_is_answered_with_study_and_job_and_every_link_of_it_leads_somewhere()
    {
        var document = await _host.Accept(Study("links"));
        Assert.False(document.GetProperty("deduplicated").GetBoolean());
        Assert.Equal("queued", document.GetProperty("status").GetString());
        Assert.All(document.GetProperty("files").EnumerateArray(), f => Assert.Equal("used", f.GetProperty("verdict").GetString()));

        var links = document.GetProperty("links");
        var study = await Get(links, "study");
        Assert.Equal(document.GetProperty("studyId").GetGuid(), study.GetProperty("studyId").GetGuid());
        var job = await Get(links, "job");
        Assert.Equal(document.GetProperty("jobId").GetGuid(), job.GetProperty("jobId").GetGuid());
        using var events = await _host.Client.GetAsync(links.GetProperty("events").GetString(), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType?.MediaType);
        using var results = await _host.Client.GetAsync(links.GetProperty("results").GetString());
        await UploadHost.ReadProblem(results, 409, FaultCodes.JobNotReady);
    }

    [Fact]
    public async Task Every_file_gets_its_verdict_and_every_series_its_reasons_in_the_answer_and_in_the_study()
    {
        var slices = Slices("verdicts", 12);
        slices[11] = slices[11] with { ClaimedCrc = 1 };
        var scout = new IntakeSlice(100) { Study = "verdicts", Series = "scout", ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"] };
        var document = await _host.Accept(ZipIntakeForge.Zip([new("README.TXT", "text"u8.ToArray()), .. slices, scout.ToEntry("SCOUT")]));

        var files = document.GetProperty("files").EnumerateArray().Select(f => (Text(f, "name"), Text(f, "verdict"), Text(f, "code"))).ToArray();
        Assert.Equal(
            [
                ("README.TXT", "ignored", FaultCodes.DicomNone),
                .. slices[..11].Select(s => ((string?)s.Name, (string?)"used", (string?)null)),
                (slices[11].Name, "rejected", FaultCodes.ZipCorrupt),
                ("SCOUT", "ignored", FaultCodes.SeriesNoneEligible),
            ],
            files);

        var series = document.GetProperty("series").EnumerateArray().ToArray();
        Assert.Equal([DicomUid.FromSeed("verdicts/series"), DicomUid.FromSeed("verdicts/scout")], series.Select(s => Text(s, "seriesInstanceUid")));
        Assert.Equal([true, false], series.Select(s => s.GetProperty("eligible").GetBoolean()));
        Assert.Equal([11, 1], series.Select(s => s.GetProperty("slices").GetInt32()));
        Assert.Contains("localizer", series[1].GetProperty("reasons")[0].GetString(), StringComparison.OrdinalIgnoreCase);

        var study = await Get(document.GetProperty("links"), "study");
        Assert.Equal(document.GetProperty("files").ToString(), study.GetProperty("files").ToString());
        Assert.Equal(document.GetProperty("series").ToString(), study.GetProperty("series").ToString());
    }

    [Fact]
    public async Task Where_originals_are_kept_the_stored_upload_is_the_body_byte_for_byte()
    {
        await using var host = await UploadHost.Start("--Identity:Profile=Original");
        var zip = Study("bytes");
        var id = (await host.Accept(zip)).GetProperty("studyId").GetGuid();
        await using var blob = await host.Services.GetRequiredService<IBlobStore>().OpenExisting(BlobKeys.Upload(id), default);
        using var stored = new MemoryStream();
        await blob.CopyToAsync(stored);
        Assert.Equal(zip, stored.ToArray());
    }

    [Fact]
    public async Task The_one_file_of_a_form_is_the_same_study_as_the_bare_body()
    {
        var zip = Study("form");
        var first = await _host.Accept(zip);
        using var answer = await _host.Send(new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "any name.zip" } });
        var second = await UploadHost.ReadAccepted(answer);
        Assert.True(second.GetProperty("deduplicated").GetBoolean());
        Assert.Equal(first.GetProperty("studyId").GetGuid(), second.GetProperty("studyId").GetGuid());
    }

    [Fact]
    public async Task A_dry_run_gives_the_verdicts_of_the_real_upload_and_leaves_nothing()
    {
        var zip = ZipIntakeForge.Zip([.. Slices("dry", 12), new("note.txt", [1])]);
        var before = await _host.Remains();
        using var answer = await _host.Post(zip, "?dryRun=true", idempotencyKey: "dry-1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        var dry = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(before, await _host.Remains());
        Assert.All(["studyId", "jobId", "status", "links"], name => Assert.False(dry.TryGetProperty(name, out _), name));

        var real = await _host.Accept(zip, idempotencyKey: "dry-1");
        Assert.False(real.GetProperty("deduplicated").GetBoolean());
        Assert.All(["files", "series", "warnings"], name => Assert.Equal(real.GetProperty(name).ToString(), dry.GetProperty(name).ToString()));
    }

    [Fact]
    public async Task The_series_and_model_asked_for_are_those_of_the_job()
    {
        var second = Enumerable.Range(0, 8).Select(i => new IntakeSlice(i) { Study = "options", Series = "second" }.ToEntry($"B{i}"));
        var zip = ZipIntakeForge.Zip([.. Slices("options", 12), .. second]);
        var uid = DicomUid.FromSeed("options/second");
        var id = (await _host.Accept(zip, $"?seriesInstanceUid={uid}&model=tiny&priority=stat")).GetProperty("jobId").GetGuid();
        var job = await _host.Read(db => db.Jobs.SingleAsync(j => j.Id == id));
        Assert.Equal((uid, "tiny", JobPriority.Stat), (job.SeriesInstanceUid, job.ModelId, job.Priority));

        var other = await _host.Accept(zip);
        Assert.False(other.GetProperty("deduplicated").GetBoolean());
        Assert.NotEqual(id, other.GetProperty("jobId").GetGuid());
    }

    [Fact]
    public async Task A_study_that_was_deleted_can_be_uploaded_again()
    {
        var zip = Study("deleted");
        var first = await _host.Accept(zip, idempotencyKey: "deleted-1");
        using var deleted = await _host.Client.DeleteAsync(first.GetProperty("links").GetProperty("study").GetString());
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        var second = await _host.Accept(zip, idempotencyKey: "deleted-1");
        Assert.False(second.GetProperty("deduplicated").GetBoolean());
        Assert.NotEqual(first.GetProperty("studyId").GetGuid(), second.GetProperty("studyId").GetGuid());
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public UploadHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await UploadHost.Start();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    private static ZipIntakeForgedEntry[] Slices(string study, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new IntakeSlice(i) { Study = study }.ToEntry())];

    private static byte[] Study(string name) => ZipIntakeForge.Zip(Slices(name, 12));

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private async Task<JsonElement> Get(JsonElement links, string name) =>
        await _host.Client.GetFromJsonAsync<JsonElement>(links.GetProperty(name).GetString(), TestContext.Current.CancellationToken);
}
