using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging.Dicom;
using HemoApi.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HemoApi.Tests.Studies;

/// <summary>What is stored of a patient, found by reading every file of the data folder, archives and compressed files expanded.</summary>
public sealed class IdentityTests
{
    private const string PatientId = "PAT-7731-X";
    private const string Description = "Radieschen";
    private const string StudyDate = "20240117";

    /// <summary>No profile but <c>Original</c> keeps these.</summary>
    private static readonly string[] Names =
        ["Zwiebelkuchen", "19410203", "ACC-99123", "Quacksalber", "Sauerkraut", "Bethesda", "Oberdorf 7", "Lutheran", "RADIOLOGE", "GEHEIMNIS", "Spargelsuppe"];

    /// <summary>What the contract shows: ids, date, description, file names.</summary>
    private static readonly string[] OfContract = [PatientId, Description, "2024-01-17", "Oberschlumpfheim"];

    private static readonly HeadStudy Study = new()
    {
        Change = dataset => dataset
            .Text(DicomTags.PatientName, DicomVr.PN, "Zwiebelkuchen^Erna")
            .Text(DicomTags.PatientId, DicomVr.LO, PatientId)
            .Text(DicomTags.PatientBirthDate, DicomVr.DA, "19410203")
            .Text(DicomTags.StudyDate, DicomVr.DA, StudyDate)
            .Text(DicomTags.AccessionNumber, DicomVr.SH, "ACC-99123")
            .Text(DicomTags.ReferringPhysicianName, DicomVr.PN, "Quacksalber^Anton")
            .Text(DicomTags.SeriesDescription, DicomVr.LO, Description)
            .Text(DicomTags.StudyDescription, DicomVr.LO, "Sauerkraut")
            .Text(new(0x0008, 0x0080), DicomVr.LO, "Bethesda")
            .Text(new(0x0008, 0x1050), DicomVr.PN, "RADIOLOGE")
            .Text(new(0x0010, 0x1001), DicomVr.PN, "Zwiebelkuchen^Alt")
            .Text(new(0x0010, 0x1040), DicomVr.LO, "Oberdorf 7")
            .Text(new(0x0010, 0x21F0), DicomVr.LO, "Lutheran")
            .Text(new(0x0010, 0x4000), DicomVr.LT, "Spargelsuppe")
            .Text(new(0x0009, 0x0010), DicomVr.LO, "GEHEIMNIS")
            .Bytes(new(0x0040, 0x0275), DicomVr.SQ, Item("GEHEIMNIS")),
        EntryName = k => $"Oberschlumpfheim/Zwiebelkuchen_{k}.dcm",
    };

    [Fact]
    public async Task By_default_nothing_is_stored_of_the_patient_but_what_the_contract_shows()
    {
        var logs = new Captured();
        await using var service = await Start(logs);
        var (study, client) = await Segmented(service, Study with { EntryName = k => $"Oberschlumpfheim/{k}.dcm" });

        var stored = await Stored(service);
        Assert.Contains(stored.Keys, name => name.EndsWith("upload.zip!000030", StringComparison.Ordinal));
        Absent(stored, Names);
        Assert.All(OfContract, value => Assert.Contains(stored.Values, text => text.Contains(value, StringComparison.OrdinalIgnoreCase)));
        Absent(logs.Text, [.. Names, .. OfContract, StudyDate]);
        Assert.Equal(PatientId, (await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{study}")).GetProperty("patientId").GetString());
    }

    [Fact]
    public async Task Under_the_basic_profile_neither_names_nor_ids_nor_dates_nor_file_names_are_stored_and_volumes_are_the_same()
    {
        var logs = new Captured();
        await using var service = await Start(logs, "--Identity:Profile=Basic");
        await using var plain = await Start(new Captured());
        var (study, client) = await Segmented(service, Study);
        var (plainStudy, plainClient) = await Segmented(plain, Study);

        var stored = await Stored(service);
        string[] secrets = [.. Names, .. OfContract, StudyDate, Study.StudyInstanceUid, Study.SeriesInstanceUid, DicomUid.FromSeed("frame")];
        Absent(stored, secrets);
        Absent(logs.Text, secrets);
        var results = await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{study}/results");
        var plainResults = await plainClient.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{plainStudy}/results");
        foreach (var same in (string[])["volumes", "lesions", "totalVolumeMl"])
        {
            Assert.Equal(plainResults.GetProperty(same).ToString(), results.GetProperty(same).ToString());
        }

        Assert.Equal(
            await plainClient.GetByteArrayAsync($"/api/v1/studies/{plainStudy}/results/image.nii.gz"),
            await client.GetByteArrayAsync($"/api/v1/studies/{study}/results/image.nii.gz"));
    }

    [Fact]
    public async Task A_pseudonymous_study_is_found_by_the_ids_that_the_hospital_knows_by_its_own_tenant_only()
    {
        await using var service = await Start(new Captured(), "--Identity:Profile=Basic", "--Identity:Dates=Shift");
        var (first, client) = await Segmented(service, Study);
        var (other, _, _) = await service.Client("other", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (second, job) = await other.Upload(Study.Zip());
        await other.JobEnded(job);

        var document = await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{first}");
        var foreign = await other.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{second}");
        var pseudonym = document.GetProperty("patientId").GetString()!;
        Assert.Matches("^[0-9a-f]{32}$", pseudonym);
        Assert.NotEqual(pseudonym, foreign.GetProperty("patientId").GetString());
        Assert.True(document.GetProperty("studyDateTime").GetDateTime() < new DateTime(2024, 1, 17));
        Assert.Equal([first], await Found(client, $"patientId={PatientId}"));
        Assert.Equal([first], await Found(client, $"patientId={pseudonym}"));
        Assert.Equal([first], await Found(client, $"studyInstanceUid={Study.StudyInstanceUid}"));
        Assert.Equal([second], await Found(other, $"patientId={PatientId}"));
        Assert.Empty(await Found(other, $"patientId={pseudonym}"));
    }

    [Fact]
    public async Task The_series_asked_for_by_its_own_uid_is_measured_and_a_repeat_is_the_same_study()
    {
        await using var service = await Start(new Captured(), "--Identity:Profile=Basic");
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var zip = Study.Zip();
        var (study, job) = await client.Upload(zip, $"?seriesInstanceUid={Study.SeriesInstanceUid}");
        var (again, _) = await client.Upload(zip, $"?seriesInstanceUid={Study.SeriesInstanceUid}");

        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());
        Assert.Equal(study, again);
        Assert.Empty(Directory.GetFiles(Path.Combine(service.Folder, "incoming")));
    }

    [Fact]
    public async Task Pseudonyms_survive_a_restart_and_their_key_is_readable_by_the_service_alone()
    {
        await using var service = await Start(new Captured(), "--Identity:Profile=Basic");
        var pseudonyms = service.Services.GetRequiredService<HemoApi.Studies.TenantPseudonyms>();
        var tenant = Guid.NewGuid();
        var first = pseudonyms.Of(tenant).PatientId(PatientId);
        var second = new HemoApi.Studies.TenantPseudonyms(
            service.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HemoApi.Studies.IdentityOptions>>(),
            service.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<StorageOptions>>());

        Assert.Equal(first, second.Of(tenant).PatientId(PatientId));
        if (!OperatingSystem.IsWindows() && !TestStorage.IsPostgres)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(service.Folder, "identity.key")));
        }
    }

    [Fact]
    public async Task A_secret_that_is_too_short_stops_the_start()
    {
        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => Start(new Captured(), "--Identity:Secret=c2hvcnQ="));

        Assert.Contains("Identity:Secret", failure.Message);
        Assert.DoesNotContain("c2hvcnQ=", failure.Message);
    }

    private static Task<TestService> Start(Captured logs, params string[] settings) => TestService.Start(
        settings: [.. settings, "--Logging:LogLevel:Default=Trace"], adjust: builder => builder.Logging.ClearProviders().AddProvider(logs));

    private static async Task<(Guid Study, HttpClient Client)> Segmented(TestService service, HeadStudy study)
    {
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (id, job) = await client.Upload(study.Zip());
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());
        return (id, client);
    }

    private static async Task<Guid[]> Found(HttpClient client, string query)
    {
        var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies?{query}");
        return [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("studyId").GetGuid())];
    }

    /// <summary>Every file, blob and row of the service, by name, as Latin-1 text; of archives every entry, of compressed files what is inside.</summary>
    private static async Task<Dictionary<string, string>> Stored(TestService service)
    {
        Dictionary<string, string> texts = [];
        await foreach (var (path, content) in TestStorage.Everything(service))
        {
            await using var file = content;
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes);
            texts[path] = Encoding.Latin1.GetString(bytes.ToArray());
            bytes.Position = 0;
            if (path.EndsWith(".gz", StringComparison.Ordinal))
            {
                texts[path + "!"] = Text(new GZipStream(bytes, CompressionMode.Decompress));
            }
            else if (path.EndsWith(".zip", StringComparison.Ordinal))
            {
                using var zip = new ZipArchive(bytes);
                foreach (var entry in zip.Entries)
                {
                    texts[$"{path}!{entry.FullName}"] = Text(entry.Open());
                }
            }
        }

        Assert.Contains(texts.Keys, name => name.EndsWith(TestStorage.DatabaseName, StringComparison.Ordinal));
        Assert.Contains(texts.Keys, name => name.EndsWith("image.nii.gz!", StringComparison.Ordinal));
        return texts;
    }

    private static string Text(Stream stream)
    {
        using (stream)
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return Encoding.Latin1.GetString(bytes.ToArray());
        }
    }

    private static void Absent(Dictionary<string, string> stored, string[] secrets) => Assert.All(stored, file =>
    {
        Absent(file.Key, secrets);
        Absent(file.Value, secrets);
    });

    private static void Absent(string text, string[] secrets) =>
        Assert.All(secrets, secret => Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{secret} is there"));

    /// <summary>An item with one attribute, in explicit VR little endian.</summary>
    private static byte[] Item(string text)
    {
        byte[] value = Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + ' ');
        byte[] attribute = [0x40, 0x00, 0x07, 0x00, (byte)'L', (byte)'O', (byte)value.Length, 0, .. value];
        return [0xFE, 0xFF, 0x00, 0xE0, (byte)attribute.Length, 0, 0, 0, .. attribute];
    }

    private sealed class Captured : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            _lines.Enqueue($"{state}");
            return null;
        }

        public void Dispose()
        {
        }
    }
}
