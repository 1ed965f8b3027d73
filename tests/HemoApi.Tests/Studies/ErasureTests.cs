using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging.Dicom;
using HemoApi.Storage;
using HemoApi.Studies;
using HemoApi.Tests.Audit;
using HemoApi.Tests.Evaluations;
using HemoApi.Tests.References;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Studies;

/// <summary>After a deletion nothing of the patient is left, wherever one looks; of the study its random id alone, where 410, the feed of changes and the audit trail need it.</summary>
public sealed class ErasureTests
{
    private static readonly string[] Identifiers = ["PAT-7731-X", "1.2.826.0.1.77311", "Radieschen", "Oberschlumpfheim"];

    private static readonly HeadStudy Study = new()
    {
        Name = "patient",
        Change = dataset => dataset.Text(DicomTags.PatientId, DicomVr.LO, "PAT-7731-X").Text(DicomTags.StudyInstanceUid, DicomVr.UI, "1.2.826.0.1.77311").Text(DicomTags.SeriesDescription, DicomVr.LO, "Radieschen"),
        EntryName = k => $"Oberschlumpfheim/{k}.dcm",
    };

    [Fact]
    public async Task A_deleted_study_is_in_no_table_file_and_blob_any_more_and_the_trail_has_a_receipt()
    {
        await using var service = await TestService.Start();
        var (client, key, tenant) = await service.Client("a", [.. Scopes.All]);
        var study = await client.Finished(Study);
        var other = await client.Finished(new HeadStudy { Name = "other" });
        foreach (var id in (Guid[])[study, other])
        {
            await client.AddReference(id, ReferenceCalls.Drawn(), "?reader=r1");
        }

        var evaluated = await client.Evaluate(new { reference = "r1", studies = new[] { new { studyId = study }, new { studyId = other } } });
        var evaluation = evaluated.GetProperty("evaluationId").GetGuid();
        var before = await client.GetFromJsonAsync<JsonElement>($"/api/v1/evaluations/{evaluation}/results");
        var held = await Holders(service, [.. Identifiers, study.ToString()]);
        Assert.Contains(held, h => h.Contains("upload.zip") || h.Contains(TestStorage.DatabaseName));
        Assert.Contains(held, h => h.Contains("cases.csv"));
        var blobs = TestStorage.Blobs(service.Folder);

        Assert.Equal(204, (int)(await client.DeleteAsync($"/api/v1/studies/{study}")).StatusCode);

        Assert.Empty(await Holders(service, Identifiers));
        Assert.All(await Holders(service, [study.ToString()]), holder => Assert.Contains(TestStorage.DatabaseName, holder));
        Assert.Equal(["audit_entries", "changes", "jobs", "studies"], await Tables(service, study));

        var receipt = Assert.Single(await AuditTrailTests.Entries(client, $"studyId={study}&action=study.erased"));
        Assert.Equal($"key:{key.Split('_')[1]}", receipt.Caller);
        var removed = JsonSerializer.Deserialize<ErasureReceipt>(receipt.Detail!, Json.Options)!;
        var gone = blobs.Except(TestStorage.Blobs(service.Folder)).ToList();
        Assert.Equal((2, 2, 1, gone.Count), (removed.RowsDeleted, removed.RowsCleared, removed.EvaluationsAnonymised, removed.BlobsDeleted));
        Assert.Equal(5, gone.Count);
        Assert.DoesNotContain(Identifiers, i => receipt.Detail!.Contains(i, StringComparison.Ordinal));

        // The statistics stand; the case is there under an id that means nothing.
        var after = await client.GetFromJsonAsync<JsonElement>($"/api/v1/evaluations/{evaluation}/results");
        Assert.Equal(before.GetProperty("groups").GetRawText(), after.GetProperty("groups").GetRawText());
        var ids = after.GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("studyId").GetGuid()).ToList();
        Assert.Equal((2, true, false), (ids.Count, ids.Contains(other), ids.Contains(study)));
        using var parquet = new MemoryStream(await client.GetByteArrayAsync($"/api/v1/evaluations/{evaluation}/cases.parquet"));
        var rows = (await Parquet.Serialization.ParquetSerializer.DeserializeUntypedAsync(parquet)).Data;
        Assert.Equal(ids.Select(i => i.ToString()).Order(), rows.Select(r => (string)r["study_id"]!).Distinct().Order());
        await using var db = service.Database.OpenAsSystem();
        Assert.Equal(ids.Order(), (await db.Evaluations.SingleAsync()).Cases.Select(c => c.StudyId).Order());
    }

    [Fact]
    public async Task An_erasure_that_a_crash_cut_short_is_finished_at_the_next_start_and_has_its_receipt()
    {
        var first = await TestService.Start();
        var (client, _, tenant) = await first.Client("a", [.. Scopes.All]);
        var job = await first.AddStudy(tenant, j => j.Status = JobStatus.Failed);
        await using (var db = first.Database.OpenAsSystem())
        {
            await db.Studies.Where(s => s.Id == job.StudyId).ExecuteUpdateAsync(set => set.SetProperty(s => s.Status, StudyStatus.Deleting).SetProperty(s => s.DeletedAt, DateTimeOffset.UtcNow));
        }

        Assert.Single(TestStorage.Blobs(first.Folder));
        var folder = await first.Stop();
        await using var second = await TestService.Start(folder: folder);
        Assert.Empty(TestStorage.Blobs(folder));
        var (admin, _, _) = await second.Client("a", Scopes.Admin);
        var receipt = Assert.Single(await AuditTrailTests.Entries(admin, $"studyId={job.StudyId}&action=study.erased"));
        Assert.Equal("service", receipt.Caller);
    }

    /// <summary>Names of files, blobs and dumps that hold one of the texts, as UTF-8 or as the bytes of a Guid's text in whatever case.</summary>
    private static async Task<List<string>> Holders(TestService service, string[] texts)
    {
        List<string> holders = [];
        await foreach (var (name, content) in TestStorage.Everything(service))
        {
            using var copy = new MemoryStream();
            await using (content)
            {
                await content.CopyToAsync(copy);
            }

            var text = Encoding.Latin1.GetString(copy.GetBuffer(), 0, (int)copy.Length);
            if (texts.Any(t => text.Contains(t, StringComparison.OrdinalIgnoreCase) || name.Contains(t, StringComparison.OrdinalIgnoreCase)))
            {
                holders.Add(name);
            }
        }

        return holders;
    }

    /// <summary>Tables of our own that hold the id anywhere, by their names.</summary>
    private static async Task<List<string>> Tables(TestService service, Guid id)
    {
        await using var db = service.Database.OpenAsSystem();
        List<string> holders = [];
        foreach (var table in db.Model.GetEntityTypes().Select(t => t.GetTableName()!).Distinct())
        {
            var connection = db.Database.GetDbConnection();
            await db.Database.OpenConnectionAsync();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                if (Enumerable.Range(0, reader.FieldCount).Any(i => $"{reader.GetValue(i)}".Contains(id.ToString(), StringComparison.OrdinalIgnoreCase)))
                {
                    holders.Add(table);
                }
            }
        }

        return [.. holders.Distinct().Order(StringComparer.Ordinal)];
    }
}
