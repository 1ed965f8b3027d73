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
    private static readonly Option<int> Studies = new("--studies") { Description = "Studies to fit on.", DefaultValueFactory = _ => 704 };
    private static readonly Option<DirectoryInfo?> Heads = new("--heads") { Description = "Folder of heads to paint hemorrhages into, as for train --backgrounds; without it those studies are left out." };
    private static readonly Option<DirectoryInfo> Output = new("--output") { Description = "Folder of the findings (findings.csv). The same command again continues where it stopped.", Required = true };
    private static readonly Option<double> Penalty = new("--penalty") { Description = "Ridge: how much large weights cost.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> MinimumProbability = new("--minimum-probability") { Description = "Findings that are less likely blood are dropped.", DefaultValueFactory = _ => 0.5 };
    private static readonly Option<bool> Write = new("--write") { Description = "Write the rules into the manifest." };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads of ONNX Runtime.", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Command Create()
    {
        var command = new Command("findings", "Fits the rules that tell a model's findings of blood from what it only takes for blood.") { Model, Studies, Heads, Output, Penalty, MinimumProbability, Write, Threads };
        command.SetAction((result, cancellation) => Task.Run(
            () => LongRun.Of("Stopped. The same command continues where it stopped.", () => Fit(result, cancellation), cancellation), CancellationToken.None));
        return command;
    }

    private static int Fit(ParseResult result, CancellationToken cancellation)
    {
        var (manifestFile, penalty, least) = (result.GetValue(Model)!.FullName, result.GetValue(Penalty), result.GetValue(MinimumProbability));
        var (manifest, onnx) = ModelPair.Read(manifestFile);
        var findings = Measure(result, manifest, onnx, cancellation);
        List<FindingRule> rules = [];
        foreach (var type in HemorrhageTypes.All)
        {
            FindingRule? Rule(IReadOnlyList<Finding> some) => FindingRuleFit.Fit(type, some, penalty, least);
            List<Finding> own = [.. findings.Where(f => f.Type == type)];
            if (Rule(own) is { } rule)
            {
                rules.Add(rule);
                Report(type, own, Rule);
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

    private static IReadOnlyList<Finding> Measure(ParseResult result, ModelManifest manifest, byte[] onnx, CancellationToken cancellation)
    {
        using var model = ModelPair.Load(manifest, onnx, new EngineOptions { Provider = ExecutionProvider.Cpu, Threads = result.GetValue(Threads) });
        var heads = result.GetValue(Heads) is { } folder ? BackgroundHeads.Load(folder.FullName, Console.Out) : [];
        var file = new FindingFile(result.GetValue(Output)!.FullName, manifest);
        foreach (var (i, study) in FindingStudies.Of(result.GetValue(Studies), heads).Where(study => !file.Has(study.Name)).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            file.Add(study.Name, Finding.Of(model, study, cancellation));
            Console.Write($"\r{i + 1} studies measured");
        }

        Console.WriteLine();
        return file.Findings;
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
