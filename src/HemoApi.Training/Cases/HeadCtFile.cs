using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Import;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Cases;

/// <summary>A head CT on disk: a zip or folder of DICOM files, a NIfTI image in HU (<c>.nii</c>, <c>.nii.gz</c>), or an InVesalius project.</summary>
internal static class HeadCtFile
{
    private static readonly string[] NiftiEndings = [".nii", ".nii.gz"];

    public static bool IsNifti(string path) => NiftiEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="InvalidDataException">No head CT, by its name and with the reason.</exception>
    public static CtVolume Read(string path)
    {
        if (Path.GetExtension(path) == ".inv3")
        {
            return InVesaliusProject.Read(path);
        }

        if (IsNifti(path))
        {
            using var file = File.OpenRead(path);
            return NiftiImageReader.Read(file, CancellationToken.None).TryGet(out var image, out var fault)
                ? image
                : throw new InvalidDataException($"{Path.GetFileName(path)} is no head CT: {fault.Detail}");
        }

        if (Directory.Exists(path))
        {
            return ReadDicom(Path.GetFileName(path), Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories));
        }

        using var zip = OpenZip(path);
        return ReadDicom(Path.GetFileName(path), zip.Entries.Where(e => e.Length > 0).ToDictionary(e => e.FullName, Bytes));
    }

    /// <param name="name">In messages.</param>
    /// <exception cref="InvalidDataException">The files are no head CT.</exception>
    public static CtVolume ReadDicom(string name, IEnumerable<string> files) => ReadDicom(name, files.ToDictionary(f => f, File.ReadAllBytes));

    private static CtVolume ReadDicom(string name, Dictionary<string, byte[]> files)
    {
        MemoryStream Open(string file) => new(files[file], writable: false);
        return SeriesFiles.Plan([.. files.Keys], Open, seriesInstanceUid: null, rejectedFiles: 0, _ => { }, CancellationToken.None).TryGet(out var plan, out var fault)
            && CtVolumeReader.Read(plan, Open, progress: null, CancellationToken.None).TryGet(out var image, out fault)
            ? image
            : throw new InvalidDataException($"{name} is no head CT: {fault.Detail}");
    }

    private static ZipArchive OpenZip(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)} is no head CT: neither a zip nor any other file that can be read");
        }
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
