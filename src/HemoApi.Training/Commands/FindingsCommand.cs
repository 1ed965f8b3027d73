using System.CommandLine;
using System.Globalization;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Training.Backgrounds;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Commands;

/// <summary><c>findings</c>: fits the rules by which a model's findings are looked at a second time.</summary>
internal static class FindingsCommand
{
    private const int Folds = 10;

    private static readonly Option<FileInfo> Model = new("--model") { Description = "The pair's manifest, <id>.json.", Required = true };
    private static readonly Option<int> Studies = new("--studies") { Description = "Studies to fit on.", DefaultValueFactory = _ => 702 };
    private static readonly Option<DirectoryInfo?> Heads = new("--heads") { Description = "Folder of heads to paint hemorrhages into, as for train --backgrounds; without it those studies are left out." };
    private static readonly Option<FileInfo> Output = new("--output") { Description = "CSV of the findings. The same command again continues where it stopped.", Required = true };
    private static readonly Option<double> Penalty = new("--penalty") { Description = "Ridge: how much large weights cost.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> MinimumProbability = new("--minimum-probability") { Description = "Findings that are less likely blood are dropped.", DefaultValueFactory = _ => 0.5 };
    private static readonly Option<bool> Write = new("--write") { Description = "Write the rules into the manifest." };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads of ONNX Runtime.", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Command Create()
    {
        var command = new Command("findings", "Fits the rules that tell a model's findings of blood from what it only takes for blood.") { Model, Studies, Heads, Output, Penalty, MinimumProbability, Write, Threads };
        command.SetAction((result, cancellation) => Task.Run(() => Fit(result, cancellation), CancellationToken.None));
        return command;
    }

    private static int Fit(ParseResult result, CancellationToken cancellation)
    {
        var (manifestFile, count, penalty, least) = (result.GetValue(Model)!.FullName, result.GetValue(Studies), result.GetValue(Penalty), result.GetValue(MinimumProbability));
        try
        {
            var manifest = ManifestReader.Read(File.ReadAllBytes(manifestFile), Path.GetFileName(manifestFile)).Value;
            var options = new EngineOptions { Provider = ExecutionProvider.Cpu, Threads = result.GetValue(Threads) };
            using var model = LoadedModel.Load(manifest, File.ReadAllBytes(Path.ChangeExtension(manifestFile, ".onnx")), options).Value;
            var heads = result.GetValue(Heads) is { } folder ? BackgroundHeads.Load(folder.FullName, Console.Out) : [];
            var file = new FindingFile(result.GetValue(Output)!.FullName);
            foreach (var (i, study) in FindingStudies.Of(count, heads).Where(study => !file.Has(study.Name)).Index())
            {
                cancellation.ThrowIfCancellationRequested();
                file.Add(study.Name, Finding.Of(model, study, cancellation));
                Console.Write($"\r{i + 1} studies measured");
            }

            FindingRule? Rule(HemorrhageType type, IReadOnlyList<Finding> findings) => FindingRuleFit.Fit(type, findings, penalty, least);
            List<FindingRule> rules = [];
            foreach (var type in HemorrhageTypes.All)
            {
                List<Finding> own = [.. file.Findings.Where(f => f.Type == type)];
                Console.WriteLine();
                if (Rule(type, own) is { } rule)
                {
                    rules.Add(rule);
                    Report(type, own, findings => Rule(type, findings));
                }
                else
                {
                    Console.WriteLine($"{type.Code()}: all or none of {own.Count} findings are blood; no rule");
                }
            }

            if (result.GetValue(Write))
            {
                CardFigures.Write(manifestFile, manifest with { FindingRules = rules });
            }

            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine("Stopped. The same command continues where it stopped.");
            return 1;
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>What the rule keeps of findings in studies that it was not fitted on.</summary>
    private static void Report(HemorrhageType type, List<Finding> findings, Func<IReadOnlyList<Finding>, FindingRule?> fit)
    {
        var folds = findings.Select(f => f.Study).Distinct().Index().ToDictionary(s => s.Item, s => s.Index % Folds);
        List<(Finding Finding, bool IsKept)> judged = [];
        for (var fold = 0; fold < Folds; fold++)
        {
            var rule = fit([.. findings.Where(f => folds[f.Study] != fold)]);
            judged.AddRange(findings.Where(f => folds[f.Study] == fold).Select(f => (f, rule is null || rule.Probability(f.Numbers) >= rule.MinimumProbability)));
        }

        string Kept(bool isBlood) => $"{judged.Count(j => j.Finding.IsBlood == isBlood && j.IsKept)} of {judged.Count(j => j.Finding.IsBlood == isBlood)}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{type.Code()}, each study judged by a rule fitted on others: keeps {Kept(true)} findings that are blood, {Kept(false)} that are none"));
    }
}
