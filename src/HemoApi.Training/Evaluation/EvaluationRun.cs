using System.Globalization;
using HemoApi.Imaging.Inference;

namespace HemoApi.Training.Evaluation;

/// <summary>Measures studies one after the other, tells how long the rest will take, and keeps each row as soon as it is there.</summary>
internal static class EvaluationRun
{
    /// <returns>The rows of the named sources, those of earlier starts included.</returns>
    /// <exception cref="OperationCanceledException">Stopped; the rows so far are kept.</exception>
    /// <exception cref="InvalidDataException">A study can't be read or measured, by its name and with the reason.</exception>
    public static IReadOnlyList<StudyRow> Run(LoadedModel model, IReadOnlyList<StudySource> sources, StudyRowFile file, StudyVolumes? volumes, TextWriter log, CancellationToken cancellation)
    {
        var known = file.Rows.ToDictionary(row => row.Name);
        var (total, done, measured, seconds) = (sources.Sum(s => s.Count), 0, 0, 0.0);
        List<StudyRow> rows = [];
        foreach (var study in sources.SelectMany(s => s.Studies))
        {
            cancellation.ThrowIfCancellationRequested();
            done++;
            if (known.TryGetValue(study.Name, out var row))
            {
                rows.Add(row);
                continue;
            }

            if (!StudyRow.Measure(model, study, volumes, cancellation).TryGet(out row, out var fault))
            {
                throw new InvalidDataException($"study {study.Name} can't be measured: {fault.Detail}");
            }

            file.Add(row);
            rows.Add(row);
            (measured, seconds) = (measured + 1, seconds + row.Seconds);

            // Studies measured before come first or not at all, so those that are left are all still to do.
            var left = TimeSpan.FromSeconds(seconds / measured * (total - done));
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {total}  {Line(row)}  {row.Seconds:F1} s, {(int)left.TotalHours}:{left:mm\\:ss} left"));
        }

        return rows;
    }

    private static string Line(StudyRow row) => $"{row.Name}: " + (row.IsClean && row.FoundMl == 0
        ? "clean, and nothing found"
        : string.Join("  ", row.Types.Where(t => t.ReferenceMl > 0 || t.FoundMl > 0).Select(t =>
            string.Create(CultureInfo.InvariantCulture, $"{Imaging.Masks.HemorrhageTypes.Code(t.Type)} {t.FoundMl:F1} of {t.ReferenceMl:F1} ml, Dice {t.Dice ?? double.NaN:F3}"))));
}
