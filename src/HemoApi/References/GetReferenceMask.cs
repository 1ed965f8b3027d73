using System.Security.Cryptography;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Results;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace HemoApi.References;

/// <summary>A reader's mask, or the consensus of all readers, as NIfTI-1 on the grid of the study's own mask.</summary>
public static class GetReferenceMask
{
    private const string ContentType = "application/gzip";

    public static async Task<Results<NiftiFile, Problem>> One(
        Guid id, Guid referenceId, HemoDbContext db, IBlobStore blobs, CancellationToken cancellationToken) =>
        (await ReferenceRows.Find(db, id, referenceId, cancellationToken)).TryGet(out var reference, out var fault)
            ? File(await blobs.OpenExisting(BlobKeys.ReferenceMask(id, referenceId), cancellationToken), $"{id}-{reference.Reader}", reference.Sha256)
            : fault.ToProblem();

    /// <param name="method">majority (default): a voxel has the type that at least two readers gave it, with four readers or more the type that more than half gave it. staple: the likeliest truth by STAPLE (Warfield et al. 2004).</param>
    public static async Task<Results<NiftiFile, Problem>> Consensus(
        Guid id, [FromQuery] string? method, HemoDbContext db, IBlobStore blobs, ReferenceStore store, CancellationToken cancellationToken)
    {
        method ??= ReferenceOptions.Majority;
        if (method is not (ReferenceOptions.Majority or ReferenceOptions.Staple))
        {
            return new Fault(FaultCodes.RequestInvalid, "method must be majority or staple.", "Leave it out for the majority.").ToProblem();
        }

        var (result, problem) = await ResultReader.Read(db, id, cancellationToken);
        if (result is null)
        {
            return problem!;
        }

        if (!(await ReferenceRows.Of(db, id, cancellationToken)).TryGet(out var references, out var fault))
        {
            return fault.ToProblem();
        }

        if (references.Count is < 2 or > Imaging.Evaluation.Consensus.MostReaders)
        {
            return ReferenceFaults.NoConsensus(references.Count).ToProblem();
        }

        var grid = await StudyGrid.Read(blobs, result.JobId, cancellationToken);
        List<LabelVolume> masks = [];
        foreach (var reference in references)
        {
            masks.Add(await store.Load(reference, grid.Geometry, cancellationToken));
        }

        var mask = ReferenceStore.Consensus(method, masks);
        var file = new MemoryStream();
        NiftiWriter.WriteMask(mask, file);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));
        file.Position = 0;
        return File(file, $"{id}-{method}", sha256);
    }

    private static NiftiFile File(Stream content, string name, string sha256) => new(TypedResults.Stream(
        content, ContentType, $"{name}.nii.gz", entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true));
}
