using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Training.Backgrounds;

/// <summary>Real heads without hemorrhage, to paint hemorrhages into.</summary>
internal static class BackgroundHeads
{
    /// <summary>Every entry of the folder is one head: a zip or folder of DICOM files, an InVesalius project, or the folder of an MR
    /// template (<see cref="MrHead"/>).</summary>
    /// <returns>Heads without a closed cavity left out.</returns>
    /// <exception cref="InvalidDataException">An entry that is no head, by its name and with the reason.</exception>
    public static IReadOnlyList<HeadField> Load(string folder, TextWriter log)
    {
        List<HeadField> heads = [];
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var head = IsTemplate(entry) ? MrHead.Build(entry) : CtHead.Build(Read(entry));
            log.WriteLine(head is null
                ? $"background {Path.GetFileName(entry)}: no closed skull, left out"
                : FormattableString.Invariant($"background {Path.GetFileName(entry)}: closed skull over {head.HighestCavityMm - head.LowestCavityMm:F0} mm"));
            if (head is not null)
            {
                heads.Add(head);
            }
        }

        return heads;
    }

    /// <summary>One CT after the other, with the name of its entry.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Load"/>.</exception>
    public static IEnumerable<(string Name, CtVolume Image)> ReadAll(string folder) => Directory.EnumerateFileSystemEntries(folder)
        .Where(entry => !IsTemplate(entry)).Order(StringComparer.Ordinal).Select(entry => (Path.GetFileName(entry), Read(entry)));

    private static bool IsTemplate(string entry) => File.Exists(Path.Combine(entry, MrHead.HeadFile));

    private static CtVolume Read(string entry)
    {
        if (Path.GetExtension(entry) == ".inv3")
        {
            return InVesaliusProject.Read(entry);
        }

        Dictionary<string, byte[]> files;
        if (Directory.Exists(entry))
        {
            files = Directory.EnumerateFiles(entry, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllBytes);
        }
        else
        {
            using var zip = ZipFile.OpenRead(entry);
            files = zip.Entries.Where(e => e.Length > 0).ToDictionary(e => e.FullName, Bytes);
        }

        MemoryStream Open(string name) => new(files[name], writable: false);
        if (!SeriesFiles.Plan([.. files.Keys], Open, seriesInstanceUid: null, rejectedFiles: 0, _ => { }, CancellationToken.None).TryGet(out var plan, out var fault)
            || !CtVolumeReader.Read(plan, Open, progress: null, CancellationToken.None).TryGet(out var image, out fault))
        {
            throw new InvalidDataException($"{Path.GetFileName(entry)} is no head CT: {fault.Detail}");
        }

        return image;
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
