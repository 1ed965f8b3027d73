using System.Diagnostics;
using HemoApi.Evaluations;

namespace HemoApi.PaperCohort;

/// <summary>From nothing to the report.</summary>
internal static class CohortRun
{
    /// <summary>One is made, one is uploaded, one is measured, one gets its references.</summary>
    private const int StudiesAtOnce = 4;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(15);

    public static async Task Run(double scale, string output, string models, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var cases = CohortCase.All(scale);
        Console.WriteLine($"{cases.Count} phantom studies: {string.Join(", ", Groups(cases))}");
        var folder = Directory.CreateTempSubdirectory("hemoapi-paper-").FullName;
        try
        {
            await using var service = await Service.Start(folder, models);
            var ids = await Upload(service, cases, cancellation);
            var uploaded = Stopwatch.GetElapsedTime(started);
            Console.WriteLine($"all studies measured and read after {uploaded.TotalMinutes:F1} min, {Megabytes(folder):F0} MB in {folder}; evaluating");
            var path = await service.Evaluate(
                new
                {
                    name = "Xu et al. 2021 on phantoms",
                    reference = "majority",
                    studies = cases.Zip(ids, (c, id) => new { studyId = id, site = c.Hospital.Site }),
                },
                cancellation);
            var evaluated = new EvaluatedCohort(
                scale,
                cases,
                new Figures(await service.Text($"{path}/statistics.csv", cancellation)),
                new Cases(await service.Text($"{path}/results", cancellation)),
                uploaded,
                Stopwatch.GetElapsedTime(started));
            Directory.CreateDirectory(output);
            ReportFiles.Write(output, evaluated);
            foreach (var (name, file) in new[] { ("cases.csv", EvaluationFiles.Cases), ("statistics.csv", EvaluationFiles.Statistics), ("evaluation.html", EvaluationFiles.Report) })
            {
                await File.WriteAllTextAsync(Path.Combine(output, name), await service.Text($"{path}/{file}", cancellation), cancellation);
            }

            Console.WriteLine($"{evaluated.Took.TotalMinutes:F1} min in all; report: {Path.Combine(output, ReportFiles.Html)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static IEnumerable<string> Groups(IReadOnlyList<CohortCase> cases) =>
        cases.GroupBy(c => (c.Hospital, c.Type)).OrderBy(g => g.Min(c => c.Seed))
            .Select(g => $"{g.Count()} {(g.Key.Type is { } type ? Imaging.Masks.HemorrhageTypes.Code(type) : "clean")} of {g.Key.Hospital.Name}");

    /// <returns>The study of each case.</returns>
    private static async Task<Guid[]> Upload(Service service, IReadOnlyList<CohortCase> cases, CancellationToken cancellation)
    {
        var (ids, started, done, printed) = (new Guid[cases.Count], Stopwatch.GetTimestamp(), 0, Stopwatch.GetTimestamp());
        using var maker = new SemaphoreSlim(1);
        var options = new ParallelOptions { MaxDegreeOfParallelism = StudiesAtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, cases.Count, options, async (i, token) =>
        {
            ids[i] = await service.Add(await Make(cases[i], maker, token), token);
            lock (ids)
            {
                done++;
                if (Stopwatch.GetElapsedTime(printed) >= ProgressEvery || done == cases.Count)
                {
                    printed = Stopwatch.GetTimestamp();
                    var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds / done;
                    Console.WriteLine($"{done} of {cases.Count} studies, {seconds:F1} s each; about {seconds * (cases.Count - done) / 60:F0} min left");
                }
            }
        });
        return ids;
    }

    /// <summary>One at a time: each uses all cores by itself.</summary>
    private static async Task<MadeStudy> Make(CohortCase cohortCase, SemaphoreSlim maker, CancellationToken cancellation)
    {
        await maker.WaitAsync(cancellation);
        try
        {
            return cohortCase.Make();
        }
        finally
        {
            maker.Release();
        }
    }

    private static double Megabytes(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1e6;
}
