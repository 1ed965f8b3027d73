using HemoApi.Hosting;
using HemoApi.Imaging.Dicom;
using HemoApi.Tests.Studies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace HemoApi.Tests.Hosting;

/// <summary>Who the patient is stays in the study and in what its own callers ask for: not in logs, problems, headers or URLs, even
/// where an operator turns every log up.</summary>
public sealed class PatientDataTests
{
    private static readonly string[] Secrets =
        ["Zwiebelkuchen", "PAT-7731-X", "19410203", "ACC-99123", "Oberschlumpfheim", "Dr^Quacksalber", "Radieschen", "Sauerkraut"];

    /// <summary>What operators can set, and must not be able to break this by.</summary>
    internal static readonly string[] Loud =
    [
        "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
        "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace", "--Logging:LogLevel:Microsoft.AspNetCore.Routing=Trace",
        "--Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel=Trace", "--Logging:LogLevel:Microsoft.AspNetCore.StaticFiles=Trace",
        "--Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command=Trace", "--Logging:LogLevel:Hangfire=Trace",
        "--Logging:Console:LogLevel:Default=Trace", "--Logging:Console:LogLevel:Microsoft.*=Trace", "--Logging:Console:LogLevel:*Diagnostics=Trace",
        "--Logging:Console:FormatterOptions:IncludeScopes=true",
    ];

    private static readonly HeadStudy Study = new()
    {
        Change = dataset => dataset
            .Text(DicomTags.PatientName, DicomVr.PN, "Zwiebelkuchen^Erna")
            .Text(DicomTags.PatientId, DicomVr.LO, "PAT-7731-X")
            .Text(DicomTags.PatientBirthDate, DicomVr.DA, "19410203")
            .Text(DicomTags.AccessionNumber, DicomVr.SH, "ACC-99123")
            .Text(DicomTags.ReferringPhysicianName, DicomVr.PN, "Dr^Quacksalber")
            .Text(DicomTags.SeriesDescription, DicomVr.LO, "Radieschen"),
        EntryName = k => $"Oberschlumpfheim/Zwiebelkuchen_{k}.dcm",
    };

    [Fact]
    public async Task A_study_that_succeeds_is_refused_or_fails_leaves_no_patient_data_in_logs_problems_headers_or_urls()
    {
        var logs = new CapturedLogs();
        await using var service = await TestService.Start(settings: Loud, adjust: builder => builder.Logging.AddProvider(logs));
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var zip = Study.Zip();
        var (study, job) = await client.Upload(zip, "?priority=stat");
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());
        foreach (var path in (string[])[$"studies/{study}/results", $"studies/{study}/results/mask.nii.gz", "studies?patientId=PAT-7731-X", $"jobs/{job}/events"])
        {
            Clean(await client.GetAsync($"/api/v1/{path}"), body: false);
        }

        await Refused(client.PostZip(zip[..^5000]));
        await Refused(client.PostZip(zip, "?seriesInstanceUid=Zwiebelkuchen"));
        await Refused(client.PostZip(zip, "?model=Zwiebelkuchen"));
        await Refused(client.PostZip(ZipIntakeForge.Zip(new ZipIntakeForgedEntry("../Oberschlumpfheim", [1]))));
        await Refused(client.PostZip(ZipIntakeForge.Zip(new ZipIntakeForgedEntry("Zwiebelkuchen.dcm", [1]) { Flags = 1 })));
        await Refused(client.PostZip(ZipIntakeForge.Zip(new ZipIntakeForgedEntry("Zwiebelkuchen.dcm", [1]) { ClaimedCrc = 1 })));
        await Refused(client.PostZip((Study with { Change = d => Study.Change!(d.Text(DicomTags.Modality, DicomVr.CS, "MR")) }).Zip()));
        var torn = new IntakeSlice(0) { PatientId = "PAT-7731-X" }.ToFile()[..400];
        await Refused(client.PostZip(ZipIntakeForge.Zip(new ZipIntakeForgedEntry("Zwiebelkuchen.dcm", torn))));
        await Refused(client.GetAsync("/api/v1/studies/Zwiebelkuchen?name=Sauerkraut"));
        await Refused(client.GetAsync("/api/v1/studies?patientId=PAT-7731-X&limit=Sauerkraut"));
        await Refused(client.GetAsync("/api/v1/models/Zwiebelkuchen"));

        Assert.Equal(204, (int)(await client.DeleteAsync($"/api/v1/studies/{study}")).StatusCode);
        Assert.Contains(logs.Lines, line => line.Contains("/api/v1/studies"));
        Clean(string.Join('\n', logs.Lines));
    }

    [Fact]
    public async Task A_surprise_that_quotes_the_patient_is_logged_by_its_place_alone()
    {
        var logs = new CapturedLogs();
        await using var service = await TestService.Start(
            (_, _, _) => throw new InvalidOperationException("Zwiebelkuchen", new IOException("Sauerkraut")),
            settings: Loud,
            adjust: builder => builder.Logging.AddProvider(logs));
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (study, job) = await client.Upload(Study.Zip());
        var failed = await client.JobEnded(job);
        Assert.Equal("failed", failed.Status());
        Clean(failed.ToString());
        TestStorage.DeleteBlob(service.Folder, $"studies/{study}/upload.zip");
        await Refused(client.GetAsync($"/api/v1/studies/{study}/results"));

        Assert.Contains(logs.Lines, line => line.Contains("InvalidOperationException") && line.Contains(nameof(PatientDataTests)));
        Clean(string.Join('\n', logs.Lines));
    }

    [Fact]
    public async Task The_console_of_the_built_service_shows_no_patient_data()
    {
        using var folder = await ServiceFolder.Create(TestModel.Fast());
        using var service = await ServiceProcess.Start(folder, Loud);
        var (_, job) = await service.Client.Upload(Study.Zip());
        Assert.Equal("succeeded", (await service.Client.JobEnded(job)).Status());
        await Refused(service.Client.PostZip(Study.Zip()[..^5000], "?seriesInstanceUid=1.2"));
        Clean(await service.Client.GetAsync("/api/v1/studies?patientId=PAT-7731-X"), body: false);
        service.Kill();

        Assert.Contains("/api/v1/studies", service.Output);
        Clean(service.Output);
    }

    private static async Task Refused(Task<HttpResponseMessage> answer)
    {
        var response = await answer;
        Assert.InRange((int)response.StatusCode, 400, 499);
        Clean(response, body: true);
    }

    private static void Clean(HttpResponseMessage response, bool body)
    {
        Clean($"{response.Headers}{response.Content.Headers}");
        if (body)
        {
            Clean(response.Content.ReadAsStringAsync().GetAwaiter().GetResult());
        }
    }

    private static void Clean(string text) =>
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
}
