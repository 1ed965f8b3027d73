using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>Copies of images, as an archive that was put together from two exports holds them.</summary>
internal static class ImageCopies
{
    /// <summary>Drops images that lie where another one does, say the same of themselves (names and numbers of the image aside) and have
    /// the same pixels. Of each the first by file name stays.</summary>
    /// <param name="pixels">Null where the files are not at hand: then only images of one SOP Instance UID are copies.</param>
    public static DicomInstance[] Drop(IReadOnlyList<DicomInstance> images, PixelFingerprints? pixels)
    {
        var dropped = new HashSet<DicomInstance>(ReferenceEqualityComparer.Instance);
        var start = 0;
        var byPlace = images.OrderBy(i => Place(i).Z).ThenBy(i => Place(i).Y).ThenBy(i => Place(i).X).ToArray();
        for (var end = 1; end <= byPlace.Length; end++)
        {
            if (end < byPlace.Length && (Place(byPlace[end]) - Place(byPlace[start])).Length < SliceStack.SamePositionMm)
            {
                continue;
            }

            if (end - start > 1)
            {
                var copies = byPlace[start..end]
                    .OrderBy(i => i.FileName, StringComparer.Ordinal)
                    .ThenBy(i => i.FrameNumber)
                    .Select(i => (Image: i, Name: pixels is null ? $"{i.SopInstanceUid} {i.FrameNumber}" : pixels.Of(i)))
                    .Where(i => i.Name is not null)
                    .GroupBy(i => (i.Name, Meaning(i.Image)))
                    .SelectMany(same => same.Skip(1));
                dropped.UnionWith(copies.Select(c => c.Image));
            }

            start = end;
        }

        return [.. images.Where(i => !dropped.Contains(i))];
    }

    private static Vector3D Place(DicomInstance image) => image.ImagePositionLpsMm!.Value;

    private static DicomInstance Meaning(DicomInstance image) => image with
    {
        FileName = string.Empty,
        TransferSyntaxUid = string.Empty,
        SopInstanceUid = string.Empty,
        InstanceNumber = null,
        FrameNumber = null,
        ImagePositionLpsMm = null,
        ImageType = [],
        Frames = [],
    };
}
