using System.Net.Http.Json;
using System.Text.Json;
using System.Net.Sockets;
using System.Text;
using HemoApi.Imaging;

namespace HemoApi.Tests.Studies;

/// <summary>Uploads to the built service as a process of its own.</summary>
public sealed class UploadProcessTests
{
    private const string LongTests = "HEMOAPI_LONG_TESTS";
    private const long MiB = 1 << 20;

    [Fact]
    public Task An_upload_of_200_MB_costs_less_than_100_MB_of_memory() => CostsLessThan100MiB(200 * MiB);

    [Fact]
    public Task An_upload_of_1_GB_costs_less_than_100_MB_of_memory()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(LongTests) == "1", $"sends 1 GB; set {LongTests}=1 to run it");
        return CostsLessThan100MiB(1024 * MiB);
    }

    private static async Task CostsLessThan100MiB(long bytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the peak of a process is read from /proc");
        using var folder = await ServiceFolder.Create(TestModel.Fast());
        using var service = await ServiceProcess.Start(folder);
        await Measure(service, new LargeUpload(MiB));
        var before = service.PeakResidentBytes();
        var sent = await Measure(service, new LargeUpload(bytes));
        var after = service.PeakResidentBytes();
        TestContext.Current.SendDiagnosticMessage("peak {0} MiB before, {1} MiB after {2} MiB", before / MiB, after / MiB, sent / MiB);
        Assert.True(sent > bytes);
        Assert.True(after - before < 100 * MiB, $"the peak rose from {before / MiB} to {after / MiB} MiB");
    }

    [Fact]
    public async Task A_process_killed_in_mid_upload_loses_nothing_that_it_accepted_keeps_nothing_else_and_its_output_names_no_patient()
    {
        const string patient = "PAT-4711";
        byte[] Study(string name) =>
            ZipIntakeForge.Zip(Enumerable.Range(0, 8).Select(i => new IntakeSlice(i) { Study = name, PatientId = patient }.ToEntry($"Doe^Jane/IM{i}")));
        using var folder = await ServiceFolder.Create(TestModel.Fast());
        var incoming = new DirectoryInfo(folder.Incoming);
        (Guid Study, Guid Job) accepted;
        using (var first = await ServiceProcess.Start(folder, "--Logging:LogLevel:Default=Debug"))
        {
            accepted = await first.Client.Upload(Study("accepted"));
            using var refused = await first.Client.PostZip(Study("refused")[..^1]);
            await UploadHost.ReadProblem(refused, 400, FaultCodes.UploadTruncated);
            using var half = await HalfAnUpload(first.Client.BaseAddress!, folder.Key, Study("half"));
            await UploadHost.Until(() => Task.FromResult(incoming.EnumerateFiles().Any(f => f.Length > 0)));
            first.Kill();
            AssertNamesNoPatient(first.Output);
        }

        Assert.NotEmpty(incoming.EnumerateFiles());
        using var second = await ServiceProcess.Start(folder, "--Logging:LogLevel:Default=Debug");
        Assert.Empty(folder.IncomingLeft());
        Assert.Equal("succeeded", (await second.Client.JobEnded(accepted.Job)).Status());
        Assert.Single(folder.Blobs(), b => b.EndsWith("upload.zip", StringComparison.Ordinal));
        AssertNamesNoPatient(second.Output);

        void AssertNamesNoPatient(string output)
        {
            Assert.Contains("listens", output, StringComparison.Ordinal);
            Assert.DoesNotContain(patient, output, StringComparison.Ordinal);
            Assert.DoesNotContain("Doe", output, StringComparison.Ordinal);
        }
    }

    /// <summary>Uploads and waits for the job; how large the upload was, bytes.</summary>
    private static async Task<long> Measure(ServiceProcess service, HttpContent content)
    {
        using var answer = await service.Client.PostAsync("/api/v1/studies", content);
        var document = await UploadHost.ReadAccepted(answer);
        Assert.Equal("succeeded", (await service.Client.JobEnded(document.GetProperty("jobId").GetGuid())).Status());
        var study = await service.Client.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{document.GetProperty("studyId").GetGuid()}");
        return study.GetProperty("uploadBytes").GetInt64();
    }

    private static async Task<Socket> HalfAnUpload(Uri address, string key, byte[] zip)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/studies HTTP/1.1\r\nHost: {address.Authority}\r\nX-Api-Key: {key}\r\nContent-Type: application/zip\r\nContent-Length: {zip.Length}\r\n\r\n"));
        await socket.SendAsync(zip.AsMemory(0, zip.Length / 2));
        return socket;
    }
}
