using System.Diagnostics;
using System.Net.Http.Headers;
using HemoApi.Hosting;
using HemoApi.Tests;
using HemoApi.Tests.Studies;

namespace HemoApi.Benchmarks.Load;

/// <summary>One large upload beside what its bytes cost anyone: a copy of the file, and a write of it to the blob store.</summary>
internal static class UploadLoad
{
    private const int Slices = 400;
    private const int PixelsOfSlice = 512;

    public static async Task Measure(LoadTable table)
    {
        using var folder = await LoadService.Folder();
        var file = Path.Combine(folder.Path, "study.zip");
        await File.WriteAllBytesAsync(file, Zip());
        var service = await LoadService.Start(folder);
        var (client, _, _) = await service.Client("load", Scopes.StudiesWrite);
        using (client)
        {
            client.Timeout = Timeout.InfiniteTimeSpan;
            await Send(client, [.. ZipIntakeForge.Zip(IntakeSlice.Stack())]);
            var megabytes = new FileInfo(file).Length / 1e6;
            var copy = await Time(() => Copy(file, Path.Combine(folder.Path, "copy.zip")));
            var put = await Time(() => service.Blobs.PutFile("load/copy.zip", Path.Combine(folder.Path, "copy.zip"), default));
            var upload = await Time(() => Send(client, file));
            table.Add($"upload of {megabytes:F0} MB ({Slices} slices), MB a second", $"{megabytes / upload:F0}");
            table.Add("its time over a plain copy of the file and a write of it to the blob store", $"{upload / (copy + put):F1} ({upload:F1} s over {copy:F1} s and {put:F1} s)");
        }

        await service.End();
    }

    private static byte[] Zip() => ZipIntakeForge.Zip(Enumerable.Range(0, Slices)
        .Select(i => new IntakeSlice(i) { Size = PixelsOfSlice, SpacingMm = 0.5 }.ToEntry() with { Method = 0 }));

    private static async Task<double> Time(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task Copy(string from, string to)
    {
        await using var source = File.OpenRead(from);
        await using var target = File.Create(to);
        await source.CopyToAsync(target);
        target.Flush(flushToDisk: true);
    }

    private static async Task Send(HttpClient client, string file)
    {
        await using var stream = File.OpenRead(file);
        await Send(client, new StreamContent(stream));
    }

    private static Task Send(HttpClient client, byte[] zip) => Send(client, new ByteArrayContent(zip));

    private static async Task Send(HttpClient client, HttpContent body)
    {
        body.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var answer = await client.PostAsync("/api/v1/studies", body);
        answer.EnsureSuccessStatusCode();
    }
}
