using System.Globalization;
using HemoApi.Imaging.Inference;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Commands;

/// <summary>A model on a cohort: the paper's tables, and the paper's figures beside them.</summary>
internal static class EvaluateCohort
{
    /// <param name="output">Folder of the rows; a second start continues from them.</param>
    /// <returns>The manifest with the figures on its card.</returns>
    /// <exception cref="InvalidDataException">As <see cref="EvaluationRun"/>, or the folder holds another evaluation.</exception>
    public static ModelManifest Run(LoadedModel model, IReadOnlyList<StudySource> sources, string output, StudyVolumes? volumes, CancellationToken cancellation)
    {
        var manifest = model.Manifest;
        var file = new StudyRowFile(output, manifest);
        if (file.Rows.Count > 0)
        {
            Console.WriteLine($"{file.Rows.Count} studies were measured before");
        }

        var rows = EvaluationRun.Run(model, sources, file, volumes, Console.Out, cancellation);
        var figures = CohortFigures.Of(rows);
        var cohort = string.Join(", ", sources.Select(s => s.Description));
        var table = CohortReport.Markdown($"{manifest.Id} {manifest.Version}", cohort, figures);
        File.WriteAllText(Path.Combine(output, CohortReport.FileName), table);
        Console.WriteLine();
        Console.Write(table);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{rows.Count} studies, {rows.Average(r => r.Seconds):F1} s each; {Path.Combine(output, CohortReport.FileName)}"));
        return manifest with { Card = manifest.Card.WithCohort(cohort, CohortReport.Metrics(figures)) };
    }
}
