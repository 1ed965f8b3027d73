using HemoApi.Imaging.Import;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;
using HemoApi.Storage;

namespace HemoApi.Results;

/// <summary>Reads masks that this service has written.</summary>
public sealed class StoredMasks(IBlobStore blobs)
{
    /// <param name="key">Of the blob.</param>
    /// <param name="geometry">The grid that it was written from.</param>
    /// <exception cref="InvalidOperationException">The blob is not the mask that was stored.</exception>
    public async Task<LabelVolume> Load(string key, VolumeGeometry geometry, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenExisting(key, cancellationToken);
        return NiftiLabelReader.Read(stream, geometry, null, cancellationToken).TryGet(out var mask, out var fault)
            ? mask
            : throw new InvalidOperationException($"a stored mask can't be read: {fault.Code}");
    }
}
