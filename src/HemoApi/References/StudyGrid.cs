using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging.Volumes;
using HemoApi.Results;
using HemoApi.Storage;

namespace HemoApi.References;

/// <summary>The grid of the series that a job has measured, and the model that measured it, from the job's results document.</summary>
/// <param name="SeriesInstanceUid">Of that series, as it is kept.</param>
/// <param name="Lesions">That the model found, the largest first.</param>
public sealed record StudyGrid(VolumeGeometry Geometry, string SeriesInstanceUid, ModelReference Model, IReadOnlyList<GridLesion> Lesions)
{
    public static async Task<StudyGrid> Read(IBlobStore blobs, Guid jobId, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenExisting(BlobKeys.Document(jobId), cancellationToken);
        var document = await JsonSerializer.DeserializeAsync<Head>(stream, Json.Options, cancellationToken)
            ?? throw new InvalidOperationException($"the results of job {jobId} are empty");
        return new StudyGrid(document.Series.ToGeometry(), document.Series.SeriesInstanceUid, document.Model, document.Lesions);
    }

    /// <summary>The part of a results document that matters here.</summary>
    private sealed record Head(SeriesDocument Series, ModelReference Model, IReadOnlyList<GridLesion> Lesions);
}

/// <param name="MaximumProbability">Null in results of versions before it.</param>
public sealed record GridLesion(string Type, double? MaximumProbability);
