using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace HemoApi.Tests.Studies;

/// <summary>Uploads to the built service as a process of its own.</summary>
public sealed class UploadProcessTests : IDisposable
{
    private const long MiB = 1 << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-process-").FullName;

    [Fact]
    public async Task An_upload_of_1_GB_costs_less_than_100_MB_of_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the peak of a process is read from /proc");
        await using var service = await ServiceProcess.Start(_folder);
        await Measure(service, new LargeUpload(MiB));
        var before = service.PeakResidentBytes();
        var sent = await Measure(service, new LargeUpload(1024 * MiB));
        var after = service.PeakResidentBytes();
        TestContext.Current.SendDiagnosticMessage("peak {0} MiB before, {1} MiB after {2} MiB", before / MiB, after / MiB, sent / MiB);
        Assert.True(sent > 1024 * MiB);
        Assert.True(after - before < 100 * MiB, $"the peak rose from {before / MiB} to {after / MiB} MiB");
    }

    [Fact]
    public async Task A_killed_process_loses_nothing_that_it_accepted_and_its_output_names_no_patient()
    {
        const string patient = "PAT-4711";
        byte[] Study(string name) =>
            ZipIntakeForge.Zip(Enumerable.Range(0, 8).Select(i => new IntakeSlice(i) { Study = name, PatientId = patient }.ToEntry($"Doe^Jane/IM{i}")));
        JsonElement accepted;
        string key;
        await using (var first = await ServiceProcess.Start(_folder))
        {
            key = first.Key;
            accepted = await Accept(first, Study("accepted"));
            await Refuse(first, Study("refused")[..^1]);
            await first.Client.GetAsync($"/api/v1/studies?patientId={patient}");
            using var half = await HalfAnUpload(first, Study("half"));
            await UploadHost.Until(() => Task.FromResult(Incoming().Any(f => f.Length > 0)));
            await first.Kill();
            Assert.DoesNotContain(patient, first.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("Doe", first.Output, StringComparison.Ordinal);
        }

        Assert.NotEmpty(Incoming());
        await using var second = await ServiceProcess.Start(_folder, key);
        Assert.Empty(Incoming());
        Assert.Equal("succeeded", await Ended(second, accepted));
        Assert.DoesNotContain(patient, second.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IEnumerable<FileInfo> Incoming() => new DirectoryInfo(Path.Combine(_folder, "data", "incoming")).EnumerateFiles();

    /// <summary>Uploads and waits for the job; how large the upload was, bytes.</summary>
    private async Task<long> Measure(ServiceProcess service, HttpContent content)
    {
        using var answer = await service.Client.PostAsync("/api/v1/studies", content);
        var document = await UploadHost.ReadAccepted(answer);
        Assert.Equal("succeeded", await Ended(service, document));
        return new FileInfo(Path.Combine(_folder, "data", "blobs", "studies", document.GetProperty("studyId").GetString()!, "upload.zip")).Length;
    }

    private static async Task<JsonElement> Accept(ServiceProcess service, byte[] zip)
    {
        using var answer = await service.Client.PostAsync("/api/v1/studies", Zip(zip));
        return await UploadHost.ReadAccepted(answer);
    }

    private static async Task Refuse(ServiceProcess service, byte[] zip)
    {
        using var answer = await service.Client.PostAsync("/api/v1/studies", Zip(zip));
        await UploadHost.ReadProblem(answer, 400, Imaging.FaultCodes.UploadTruncated);
    }

    private static ByteArrayContent Zip(byte[] zip) => new(zip) { Headers = { ContentType = new("application/zip") } };

    private static async Task<string?> Ended(ServiceProcess service, JsonElement document)
    {
        var path = document.GetProperty("links").GetProperty("job").GetString();
        var status = "queued";
        while (status is "queued" or "running")
        {
            status = (await service.Client.GetFromJsonAsync<JsonElement>($"{path}?waitSeconds=20")).GetProperty("status").GetString();
        }

        return status;
    }

    private static async Task<Socket> HalfAnUpload(ServiceProcess service, byte[] zip)
    {
        var address = service.Client.BaseAddress!;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/studies HTTP/1.1\r\nHost: {address.Authority}\r\nX-Api-Key: {service.Key}\r\nContent-Type: application/zip\r\nContent-Length: {zip.Length}\r\n\r\n"));
        await socket.SendAsync(zip.AsMemory(0, zip.Length / 2));
        return socket;
    }
}
