using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;

namespace HemoApi.Commands;

/// <summary><c>HemoApi phantom</c>: head CT studies of known hemorrhages, to try the service and to hold its answers against the truth.</summary>
/// <remarks>It lives here and not beside the training, because a newcomer's first command must not wait for libtorch.</remarks>
public static class PhantomCommand
{
    private static readonly TransferSyntax[] Syntaxes =
    [
        TransferSyntax.ImplicitLittleEndian, TransferSyntax.ExplicitLittleEndian, TransferSyntax.ExplicitBigEndian,
        TransferSyntax.DeflatedExplicitLittleEndian, TransferSyntax.RleLossless,
    ];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--output") { Description = "Folder for the files; made where it is missing.", Required = true };
        var seed = new Option<ulong>("--seed") { Description = "Of the first study; the same seed and types always give the same study.", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "Studies, of consecutive seeds.", DefaultValueFactory = _ => 1 };
        var types = new Option<HemorrhageType[]?>("--types")
        {
            Description = "Exactly these hemorrhages, such as ICH,SDH, or none; left out: none to three at random.",
            CustomParser = ParseTypes,
        };
        var syntax = new Option<string>("--transfer-syntax")
        {
            Description = "UID of the DICOM transfer syntax.",
            DefaultValueFactory = _ => TransferSyntax.ExplicitLittleEndian.Uid,
        };
        syntax.AcceptOnlyFromAmong([.. Syntaxes.Select(s => s.Uid)]);
        var command = new Command("phantom", "Write phantom head CT studies as DICOM zips, with their true mask and volumes beside them.") { output, seed, count, types, syntax };
        command.SetAction(result =>
        {
            var folder = Directory.CreateDirectory(result.GetRequiredValue(output).FullName).FullName;
            for (var i = 0; i < result.GetValue(count); i++)
            {
                Write(folder, new PhantomStudy(result.GetValue(seed) + (ulong)i, result.GetResult(types) is null ? null : result.GetValue(types)), result.GetRequiredValue(syntax));
            }
        });
        return command;
    }

    private static HemorrhageType[]? ParseTypes(ArgumentResult argument)
    {
        var codes = argument.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries)).ToArray();
        var types = Array.ConvertAll(codes, code => HemorrhageTypes.Find(code.ToUpperInvariant()));
        if (codes is ["none"])
        {
            return [];
        }

        var unknown = codes.Where((_, i) => types[i] is null).ToArray();
        if (unknown.Length > 0)
        {
            argument.AddError($"{string.Join(", ", unknown)}: the types are {string.Join(", ", HemorrhageTypes.All.Select(t => t.Code()))}, or none.");
            return null;
        }

        return [.. types.OfType<HemorrhageType>()];
    }

    private static void Write(string folder, PhantomStudy study, string transferSyntaxUid)
    {
        var path = Path.Combine(folder, $"phantom-{study.Seed}");
        var (image, mask) = study.Scan();
        using (var zip = File.Create($"{path}.zip"))
        {
            study.WriteZip(zip, image, transferSyntaxUid);
        }

        using (var nifti = File.Create($"{path}.mask.nii.gz"))
        {
            NiftiWriter.WriteMask(mask, nifti);
        }

        var truth = new
        {
            study.Seed,
            study.StudyInstanceUid,
            study.SeriesInstanceUid,
            Volumes = HemorrhageTypes.All.Select(t => new { Type = t.Code(), VolumeMl = Math.Round(study.Head.VolumeMl(t), 3) }),
            Lesions = study.Head.Lesions.Select(l => new { Type = l.Type.Code(), VolumeMl = Math.Round(l.VolumeMl, 3), MeanHu = Math.Round(l.Hu, 1) }),
        };
        File.WriteAllText($"{path}.json", JsonSerializer.Serialize(truth, Json) + "\n");
        Console.WriteLine($"{path}.zip");
    }
}
