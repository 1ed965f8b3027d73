using HemoApi.Imaging;

namespace HemoApi.Studies;

/// <summary>The rules for names of entries. Nothing is ever extracted under them; an archive that breaks them was made to
/// harm someone or will be read differently by the next program.</summary>
internal static class ZipIntakeNames
{
    private static readonly string[] SystemFiles = [".DS_Store", "Thumbs.db", "desktop.ini", "DICOMDIR"];

    /// <returns>The fault of this name, or null.</returns>
    public static Fault? Check(string name, int entry, int maxDepth)
    {
        if (name.Length == 0)
        {
            return IntakeFaults.Unsafe($"Entry {entry} of the archive has no name.");
        }

        if (name.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0)
        {
            return IntakeFaults.Unsafe($"The name of entry {entry} of the archive holds control characters.");
        }

        if (name.Contains('\\'))
        {
            return IntakeFaults.Unsafe(
                $"The name of entry {entry} of the archive holds a backslash.",
                "Make the archive with a program that separates folders with forward slashes, as the zip format asks.");
        }

        if (name[0] == '/' || (name.Length >= 2 && name[1] == ':' && char.IsAsciiLetter(name[0])))
        {
            return IntakeFaults.Unsafe($"The name of entry {entry} of the archive is an absolute path.");
        }

        var depth = 0;
        foreach (var segment in name.AsSpan().Split('/'))
        {
            depth += name.AsSpan()[segment].Length > 0 ? 1 : 0;
            if (name.AsSpan()[segment].SequenceEqual(".."))
            {
                return IntakeFaults.Unsafe($"The path of entry {entry} of the archive leaves the archive.");
            }
        }

        return depth > maxDepth
            ? IntakeFaults.Unsafe($"Entry {entry} of the archive lies {depth} folders deep, the limit is {maxDepth}.")
            : null;
    }

    /// <summary>The same path in one spelling: without empty and <c>.</c> segments. Case counts: no entry is written to a disk
    /// that could merge two, and scanners do name slices by case alone.</summary>
    public static string Normalize(string name) =>
        string.Join('/', name.Split('/').Where(segment => segment is not ("" or ".")));

    /// <summary>Housekeeping of operating systems and the index of a DICOM medium: never a slice.</summary>
    public static bool IsHousekeeping(string name)
    {
        var segments = name.Split('/');
        return segments.Contains("__MACOSX") || SystemFiles.Contains(segments[^1], StringComparer.OrdinalIgnoreCase);
    }
}
