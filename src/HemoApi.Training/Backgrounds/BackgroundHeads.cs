using HemoApi.Imaging.Volumes;
using HemoApi.Training.Cases;

namespace HemoApi.Training.Backgrounds;

/// <summary>Heads without hemorrhage, to paint hemorrhages into.</summary>
internal static class BackgroundHeads
{
    /// <summary>Every entry of the folder is one head: a zip or folder of DICOM files, a NIfTI image in HU, an InVesalius project, or the
    /// folder of an MR template (<see cref="MrHead"/>).</summary>
    /// <returns>Heads without a closed cavity left out.</returns>
    /// <exception cref="InvalidDataException">An entry that is no head, by its name and with the reason.</exception>
    public static IReadOnlyList<HeadField> Load(string folder, TextWriter log)
    {
        List<HeadField> heads = [];
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var head = IsTemplate(entry) ? MrHead.Build(entry) : CtHead.Build(HeadCtFile.Read(entry));
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
        .Where(entry => !IsTemplate(entry)).Order(StringComparer.Ordinal).Select(entry => (Path.GetFileName(entry), HeadCtFile.Read(entry)));

    private static bool IsTemplate(string entry) => File.Exists(Path.Combine(entry, MrHead.HeadFile));
}
