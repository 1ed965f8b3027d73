using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Registration;
using HemoApi.Imaging.Volumes;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Results;

/// <summary>A study whose results are there, with them.</summary>
public sealed record ComparedStudy(Study Study, ResultsDocument Results, VolumeGeometry Geometry);

/// <summary>Reads studies back as far as a comparison needs them.</summary>
public sealed class ComparedStudies(IBlobStore blobs, StoredMasks masks)
{
    public async Task<(ComparedStudy? Study, Problem? Problem)> Read(HemoDbContext db, Guid studyId, CancellationToken cancellationToken)
    {
        var (result, problem) = await ResultReader.Read(db, studyId, cancellationToken);
        if (result is null)
        {
            return (null, problem);
        }

        if (!(await StudyReader.Read(db, studyId, cancellationToken)).TryGet(out var study, out var fault))
        {
            return (null, fault.ToProblem());
        }

        await using var stream = await blobs.OpenExisting(BlobKeys.Document(result.JobId), cancellationToken);
        var document = await JsonSerializer.DeserializeAsync<ResultsDocument>(stream, Json.Options, cancellationToken)
            ?? throw new InvalidDataException($"the results of job {result.JobId} are empty");
        return (new ComparedStudy(study, document, document.Series.ToGeometry()), null);
    }

    /// <summary>Slice by slice: the image is never held as a whole.</summary>
    public async Task<SkullSurface> SkullOf(ComparedStudy study, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenExisting(BlobKeys.Image(study.Results.JobId), cancellationToken);
        return SkullSurface.Of(study.Geometry, NiftiReader.ReadImage(stream, study.Geometry));
    }

    public async Task<LocatedLesions> LesionsOf(ComparedStudy study, CancellationToken cancellationToken) =>
        new(await masks.Load(BlobKeys.Mask(study.Results.JobId), study.Geometry, cancellationToken));
}
