using HemoApi.Imaging.Import;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Cases;

/// <summary>A folder of head CTs with the masks of their hemorrhages (NIfTI label maps: 0 none, 1 ICH, 2 EDH, 3 SDH). A case is
/// <list type="bullet">
/// <item>a subfolder with <c>mask.nii.gz</c> or <c>mask.nii</c> and the image: <c>image.nii.gz</c> or <c>image.nii</c> in HU, a subfolder
/// <c>image</c> of DICOM files, one zip of them, or the files themselves; or</item>
/// <item>a pair <c>NAME.zip</c> and <c>NAME.mask.nii.gz</c>, as the verb <c>phantom</c> of the service writes them.</item>
/// </list>
/// A mask must be on the grid of its image, axes in any order; nothing is resampled here.</summary>
internal static class LabelledCases
{
    private static readonly string[] Endings = [".nii.gz", ".nii"];

    /// <summary>The cases of a folder in the order of their names, each read when it is first asked for.</summary>
    /// <exception cref="InvalidDataException">An entry that is no case, by its name and with the reason; an empty folder.</exception>
    public static StudySource Studies(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException($"there is no folder {folder}");
        }

        EvaluationStudy[] studies =
        [
            .. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(InFolder),
            .. Directory.EnumerateFiles(folder, "*.zip").Order(StringComparer.Ordinal).Select(AsPair),
        ];
        return studies.Length > 0
            ? new StudySource($"{studies.Length} labelled cases", studies.Length, studies)
            : throw new InvalidDataException($"{folder} holds no case: a case is a folder with mask.nii.gz and its image, or a pair NAME.zip and NAME.mask.nii.gz");
    }

    private static EvaluationStudy InFolder(string folder)
    {
        var name = Path.GetFileName(folder);
        var mask = First(folder, "mask") ?? throw new InvalidDataException($"case {name} has no mask.nii.gz and no mask.nii");
        return new EvaluationStudy(name, () => Read(name, () => ReadImage(folder, mask), mask));
    }

    private static EvaluationStudy AsPair(string zip)
    {
        var name = Path.GetFileNameWithoutExtension(zip);
        var mask = First(Path.GetDirectoryName(zip)!, $"{name}.mask") ?? throw new InvalidDataException($"case {name} has no {name}.mask.nii.gz beside {name}.zip");
        return new EvaluationStudy(name, () => Read(name, () => HeadCtFile.Read(zip), mask));
    }

    private static CtVolume ReadImage(string folder, string mask)
    {
        if (First(folder, "image") is { } nifti)
        {
            return HeadCtFile.Read(nifti);
        }

        var dicom = Path.Combine(folder, "image");
        if (Directory.Exists(dicom))
        {
            return HeadCtFile.Read(dicom);
        }

        return Directory.EnumerateFiles(folder, "*.zip").ToArray() is [var zip]
            ? HeadCtFile.Read(zip)
            : HeadCtFile.ReadDicom(Path.GetFileName(folder), Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => file != mask));
    }

    private static (CtVolume Image, LabelVolume Mask) Read(string name, Func<CtVolume> readImage, string maskFile)
    {
        CtVolume image;
        try
        {
            image = readImage();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"case {name}: {e.Message}", e);
        }

        using var file = File.OpenRead(maskFile);
        return NiftiLabelReader.Read(file, image.Geometry, onlyType: null, CancellationToken.None).TryGet(out var mask, out var fault)
            ? (image, mask)
            : throw new InvalidDataException($"case {name}: {Path.GetFileName(maskFile)} is refused: {fault.Detail}");
    }

    private static string? First(string folder, string name) => Endings.Select(ending => Path.Combine(folder, name + ending)).FirstOrDefault(File.Exists);
}
