using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Cases;

namespace HemoApi.Training.Backgrounds;

/// <summary>Real heads without hemorrhage, to paint hemorrhages into.</summary>
internal static class BackgroundHeads
{
    /// <summary>Thinner slices are averaged to about this, as scanners are read.</summary>
    private const double ThicknessMm = 4;
    private const double SquareTolerance = 1e-3;

    /// <summary>Every entry of the folder is one head: a zip or folder of DICOM files, a NIfTI image in HU, or an InVesalius project.</summary>
    /// <returns>The slices of each head that show a closed skull, heads without any left out.</returns>
    /// <exception cref="InvalidDataException">An entry that is no head CT, by its name and with the reason.</exception>
    public static IReadOnlyList<IReadOnlyList<BackgroundSlice>> Load(string folder, TextWriter log)
    {
        List<IReadOnlyList<BackgroundSlice>> heads = [];
        foreach (var (name, image) in ReadAll(folder))
        {
            var slices = Slices(image);
            log.WriteLine($"background {name}: {slices.Count} slices");
            if (slices.Count > 0)
            {
                heads.Add(slices);
            }
        }

        return heads;
    }

    /// <summary>One volume after the other, with the name of its entry.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Load"/>.</exception>
    public static IEnumerable<(string Name, CtVolume Image)> ReadAll(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).Select(entry => (Path.GetFileName(entry), HeadCtFile.Read(entry)));

    private static List<BackgroundSlice> Slices(CtVolume image)
    {
        var plane = CanonicalPlane.Of(image.Geometry);
        if (!plane.IsAxial || Math.Abs((plane.RowSpacingMm / plane.ColumnSpacingMm) - 1) > SquareTolerance)
        {
            throw new InvalidDataException("a background has axial slices with square pixels");
        }

        var together = Math.Max(1, (int)Math.Round(ThicknessMm / image.Geometry.Slices[0].ThicknessMm));
        return
        [
            .. Enumerable.Range(0, image.Geometry.SliceCount / together)
                .AsParallel().AsOrdered()
                .Select(group => CranialCavity.Find(Mean(image, plane, group * together, together), plane.Rows, plane.Columns, plane.RowSpacingMm))
                .OfType<BackgroundSlice>(),
        ];
    }

    private static float[] Mean(CtVolume image, CanonicalPlane plane, int first, int count)
    {
        var mean = new float[plane.Rows * plane.Columns];
        for (var slice = first; slice < first + count; slice++)
        {
            var stored = image.Slice(slice);
            for (var row = 0; row < plane.Rows; row++)
            {
                for (var column = 0; column < plane.Columns; column++)
                {
                    mean[(row * plane.Columns) + column] += stored[plane.Offset + (row * plane.RowStride) + (column * plane.ColumnStride)] / (float)count;
                }
            }
        }

        return mean;
    }
}
