using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Shadow;

/// <summary>CSV by RFC 4180, UTF-8, one row a run and type, in the order of the list.</summary>
internal static class ShadowRunsCsv
{
    public const string Header =
        "studyId,jobId,shadowModelId,shadowModelVersion,shadowModelSha256,type,volumeMl,shadowVolumeMl,differenceMl,dice,differentMl,finishedAt";

    private const string LineEnd = "\r\n";
    private const int PageSize = 1000;

    public static async Task Write(PipeWriter output, IQueryable<ShadowRun> runs, CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes(Header + LineEnd, output);
        ShadowCursor? last = null;
        while (true)
        {
            var page = await ListShadowRuns.After(runs, last).Take(PageSize).ToListAsync(cancellationToken);
            foreach (var run in page)
            {
                foreach (var volume in run.Volumes)
                {
                    Encoding.UTF8.GetBytes(Line(run, volume), output);
                }
            }

            await output.FlushAsync(cancellationToken);
            if (page.Count < PageSize)
            {
                return;
            }

            last = new ShadowCursor(page[^1].DifferentMl, page[^1].Id);
        }
    }

    private static string Line(ShadowRun run, ShadowVolume volume) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.StudyId},{run.JobId},{Analytics.ResultsCsv.Quoted(run.ModelId)},{Analytics.ResultsCsv.Quoted(run.ModelVersion)},{run.ModelSha256},")
        + string.Create(CultureInfo.InvariantCulture, $"{volume.Type},{volume.VolumeMl:R},{volume.ShadowVolumeMl:R},{volume.DifferenceMl:R},{volume.Dice:R},{run.DifferentMl:R},{run.FinishedAt?.UtcDateTime:O}{LineEnd}");
}
