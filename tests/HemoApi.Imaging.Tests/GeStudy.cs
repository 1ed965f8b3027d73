using System.IO.Compression;

namespace HemoApi.Imaging.Tests;

/// <summary>A real head CT: gantry tilted by 18.5°, slices of two thicknesses. Not part of the repository; found by the variable
/// HEMOAPI_GE_STUDY, or in a folder <c>shared/data</c> beside it.</summary>
internal static class GeStudy
{
    /// <summary>Its files; skips the running test where it is absent.</summary>
    public static IReadOnlyList<byte[]> Files()
    {
        using var zip = Open();
        return [.. zip.Entries.Where(entry => entry.Length > 0).Select(Read)];
    }

    /// <summary>Its zip; skips the running test where it is absent.</summary>
    public static ZipArchive Open()
    {
        var path = Environment.GetEnvironmentVariable("HEMOAPI_GE_STUDY") ?? BesideTheRepository();
        Assert.SkipUnless(File.Exists(path), "the GE head CT is absent: set HEMOAPI_GE_STUDY to its zip");
        return ZipFile.OpenRead(path);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static string BesideTheRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HemoApi.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? ".", "..", "shared", "data", "ge-head-ct.zip");
    }
}
