using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace HemoApi.Tests.Studies;

/// <summary>A zip of CT files of 512 × 512 pixels, made while it is sent: a series of 30 small slices that can be measured, and
/// localizers of noise, stored, up to the size asked for.</summary>
internal sealed class LargeUpload : HttpContent
{
    private const ushort Size = 512;
    private const int Slices = 30;

    private readonly long _bytes;

    public LargeUpload(long bytes)
    {
        _bytes = bytes;
        Headers.ContentType = new MediaTypeHeaderValue("application/zip");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var slice in IntakeSlice.Stack(Slices))
        {
            await Add(zip, slice.Name, slice.Data);
        }

        var pixels = IntakeSlice.Noise(Size * Size * 2, seed: 1);
        for (var i = 0; i < _bytes / pixels.Length; i++)
        {
            var scout = new IntakeSlice(i) { Series = "scouts", ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"], Size = Size, Pixels = pixels };
            await Add(zip, string.Create(CultureInfo.InvariantCulture, $"SCOUT/IM{i:00000}"), scout.ToFile());
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private static async Task Add(ZipArchive zip, string name, byte[] file)
    {
        await using var entry = await zip.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync();
        await entry.WriteAsync(file);
    }
}
