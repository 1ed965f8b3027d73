using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging;

/// <summary>The first step of the pipeline: headers of all files to the plan of one series.</summary>
internal static class SeriesFiles
{
    public static Outcome<SeriesPlan> Plan(
        IReadOnlyList<string> fileNames,
        Func<string, Stream> open,
        string? seriesInstanceUid,
        int rejectedFiles,
        Action<double> report,
        CancellationToken cancellation)
    {
        var instances = new List<DicomInstance>(fileNames.Count);
        Fault? firstFault = null;
        for (var i = 0; i < fileNames.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var stream = open(fileNames[i]);
            if (DicomHeaderReader.Read(stream, fileNames[i]).TryGet(out var instance, out var fault))
            {
                instances.Add(instance);
            }
            else
            {
                firstFault ??= fault;
            }

            report((i + 1.0) / fileNames.Count);
        }

        return instances.Count == 0 && firstFault is not null
            ? firstFault
            : SeriesCatalogue.Plan(instances, seriesInstanceUid, rejectedFiles + fileNames.Count - instances.Count, new PixelFingerprints(open));
    }
}
