using System.CommandLine;
using System.Globalization;
using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Quantification;
using HemoApi.Training.Backgrounds;
using HemoApi.Training.Cases;
using HemoApi.Training.Evaluation;
using HemoApi.Training.Painting;

namespace HemoApi.Training.Commands;

/// <summary><c>evaluate</c>: an exported pair on whole studies, in the engine that serves it.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<FileInfo> Model = new("--model") { Description = "The pair's manifest, <id>.json.", Required = true };
    private static readonly Option<int> Phantoms = new("--phantoms") { Description = "Phantom studies of none to three hemorrhages to measure on, where no cohort is asked for.", DefaultValueFactory = _ => 60 };
    private static readonly Option<int> PerType = new("--per-type") { Description = "Cohort: so many phantom studies of exactly one ICH, one EDH and one SDH each." };
    private static readonly Option<int> CleanPhantoms = new("--clean-phantoms") { Description = "Cohort: so many phantom studies without hemorrhage." };
    private static readonly Option<DirectoryInfo?> Heads = new("--heads") { Description = "Paints the hemorrhages of the cohort, and those of --fit-thresholds, into the heads of this folder, as for train --backgrounds, instead of drawing phantoms." };
    private static readonly Option<bool> Wide = new("--wide") { Description = "Cohort of painted heads: of unusual pose, size, density and scanner." };
    private static readonly Option<DirectoryInfo?> Cases = new("--cases") { Description = "Cohort: folder of labelled cases, each a folder with an image and mask.nii.gz, or a pair NAME.zip and NAME.mask.nii.gz." };
    private static readonly Option<DirectoryInfo?> Output = new("--output") { Description = "Cohort: folder of its rows (studies.csv) and table (evaluation.md). The same command again continues where it stopped." };
    private static readonly Option<DirectoryInfo?> Volumes = new("--volumes") { Description = "Cohort: folder for image, reference and mask of each study as NIfTI, to look at." };
    private static readonly Option<int> Fit = new("--fit-thresholds") { Description = "Fit the thresholds on so many other studies first; 0 keeps the manifest's." };
    private static readonly Option<int> Temperature = new("--fit-temperature") { Description = "Calibrate the probabilities on so many other studies first, before thresholds are fitted; 0 keeps the manifest's temperatures." };
    private static readonly Option<bool> Write = new("--write") { Description = "Write what was fitted and measured into the manifest." };
    private static readonly Option<DirectoryInfo?> Clean = new("--clean") { Description = "Folder of head CTs without hemorrhage, as for train --backgrounds: prints what the model finds in them." };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads of ONNX Runtime.", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Command Create()
    {
        var command = new Command("evaluate", "Measures Dice and volumes of a model on studies that training never saw; a cohort gives the tables of Xu et al. 2021.")
        {
            Model, Phantoms, PerType, CleanPhantoms, Heads, Wide, Cases, Output, Volumes, Temperature, Fit, Write, Clean, Threads,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(PerType) is < 0 or > PhantomStudies.Largest || result.GetValue(CleanPhantoms) is < 0 or > PhantomStudies.Largest)
            {
                result.AddError($"--per-type and --clean-phantoms are 0 to {PhantomStudies.Largest}.");
            }

            if (result.GetValue(Wide) && result.GetValue(Heads) is null)
            {
                result.AddError("--wide is about painted heads: name their folder by --heads.");
            }

            if (IsCohort(result) && result.GetValue(Output) is null)
            {
                result.AddError("A cohort takes long: name a folder for its rows by --output.");
            }
        });
        // On another thread, or Ctrl-C would find nobody who listens.
        command.SetAction((result, cancellation) => Task.Run(
            () => LongRun.Of("Stopped. The same command continues a cohort where it stopped.", () => Evaluate(result, cancellation), cancellation), CancellationToken.None));
        return command;
    }

    private static bool IsCohort(System.CommandLine.Parsing.SymbolResult result) =>
        result.GetValue(PerType) > 0 || result.GetValue(CleanPhantoms) > 0 || result.GetValue(Cases) is not null;

    /// <summary>What the cohort is made of; empty where none is asked for.</summary>
    private static List<StudySource> Sources(System.CommandLine.Parsing.SymbolResult result, IReadOnlyList<HeadField> heads)
    {
        var (perType, clean, cases) = (result.GetValue(PerType), result.GetValue(CleanPhantoms), result.GetValue(Cases));
        var painted = heads.Count > 0 ? new PaintedStudies(heads, result.GetValue(Wide)) : null;
        return
        [
            .. HemorrhageTypes.All.Where(_ => perType > 0).Select(type => painted?.OfType(type, perType) ?? PhantomStudies.OfType(type, perType)),
            .. clean > 0 ? [painted?.Clean(clean) ?? PhantomStudies.Clean(clean)] : Array.Empty<StudySource>(),
            .. cases is not null ? [LabelledCases.Studies(cases.FullName)] : Array.Empty<StudySource>(),
        ];
    }

    private static int Evaluate(ParseResult result, CancellationToken cancellation)
    {
        var manifestFile = result.GetValue(Model)!.FullName;
        var options = new EngineOptions { Provider = ExecutionProvider.Cpu, Threads = result.GetValue(Threads) };
        var (manifest, onnx) = ModelPair.Read(manifestFile);
        var heads = result.GetValue(Heads) is { } folder ? BackgroundHeads.Load(folder.FullName, Console.Out) : [];
        manifest = FitTemperature.Run(manifest, onnx, options, [.. FittingStudies(TrainingSeeds.TemperatureFitStart, result.GetValue(Temperature), heads)], cancellation);
        manifest = FitThresholds(manifest, onnx, options, result.GetValue(Fit), heads, cancellation);
        using var model = ModelPair.Load(manifest, onnx, options);
        var sources = Sources(result.CommandResult, heads);
        var evaluated = sources.Count > 0
            ? EvaluateCohort.Run(model, sources, result.GetValue(Output)!.FullName, result.GetValue(Volumes) is { } volumes ? new(volumes.FullName) : null, cancellation)
            : EvaluatePhantoms.Run(model, result.GetValue(Phantoms), cancellation);
        if (result.GetValue(Clean) is { } clean)
        {
            MeasureClean(model, clean.FullName, cancellation);
        }

        if (result.GetValue(Write))
        {
            CardFigures.Write(manifestFile, evaluated);
        }

        return 0;
    }

    private static ModelManifest FitThresholds(ModelManifest manifest, byte[] onnx, EngineOptions options, int studies, IReadOnlyList<HeadField> heads, CancellationToken cancellation)
    {
        if (studies == 0)
        {
            return manifest;
        }

        using var unfitted = ModelPair.Load(manifest, onnx, options);
        var thresholds = ThresholdFit.Fit(unfitted, FittingStudies(TrainingSeeds.ThresholdFitStart, studies, heads).Select(study => (study.Image, study.Reference)), cancellation).Value;
        Console.WriteLine($"thresholds on {studies} studies: {string.Join(", ", HemorrhageTypes.All.Zip(thresholds, (t, v) => Invariant($"{t.Code()} {v:F2}")))}");
        return manifest with { Output = manifest.Output with { Thresholds = thresholds } };
    }

    /// <summary>Phantoms of none to three hemorrhages; with heads, every second one is a painted head.</summary>
    private static IEnumerable<EvaluationStudy> FittingStudies(ulong firstSeed, int studies, IReadOnlyList<HeadField> heads) =>
        Enumerable.Range(0, studies).Select(i => (Index: i, Seed: firstSeed + (ulong)i)).Select(study => new EvaluationStudy($"{study.Seed}", () =>
            heads.Count > 0 && study.Index % 2 == 1 ? PaintedStudy.Render(study.Seed, heads[study.Index / 2 % heads.Count], SceneRanges.Usual, null) : new PhantomStudy(study.Seed).Scan()));

    private static void MeasureClean(LoadedModel model, string folder, CancellationToken cancellation)
    {
        foreach (var (name, image) in BackgroundHeads.ReadAll(folder))
        {
            var segmentation = Segmenter.Run(model, image, null, cancellation).Value;
            var mask = MaskCleaning.Clean(image, segmentation.Mask, segmentation.Probabilities, model.Manifest).Mask;
            var volumes = LesionQuantifier.Measure(image, mask).Volumes;
            Console.WriteLine($"{name}, without hemorrhage: " + string.Join("  ", volumes.Select(v => Invariant($"{v.Type.Code()} {v.VolumeMl:F2} ml"))));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
