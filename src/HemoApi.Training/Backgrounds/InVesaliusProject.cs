using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Training.Backgrounds;

/// <summary>Reads the CT of an InVesalius project (<c>.inv3</c>: a gzipped tar of main.plist and matrix.dat), the format of the freely available
/// head of Debian's package invesalius-examples. Axial slices from feet to head; rows of the matrix go from posterior to anterior.</summary>
internal static class InVesaliusProject
{
    /// <exception cref="InvalidDataException">Not such a project.</exception>
    public static CtVolume Read(string file)
    {
        XDocument? properties = null;
        byte[]? matrix = null;
        using var archive = new TarReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (archive.GetNextEntry() is { } entry)
        {
            switch (Path.GetFileName(entry.Name))
            {
                case "main.plist" when entry.DataStream is { } stream:
                    using (var xml = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null }))
                    {
                        properties = XDocument.Load(xml);
                    }

                    break;
                case "matrix.dat" when entry.DataStream is { } stream:
                    using (var memory = new MemoryStream())
                    {
                        stream.CopyTo(memory);
                        matrix = memory.ToArray();
                    }

                    break;
            }
        }

        if (properties is null || matrix is null)
        {
            throw new InvalidDataException($"{Path.GetFileName(file)} has no main.plist or no matrix.dat");
        }

        var shape = Numbers(Value(properties.Descendants(), "shape"));
        var spacing = Numbers(Value(properties.Descendants(), "spacing"));
        var (slices, rows, columns) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        if (matrix.Length != slices * rows * columns * sizeof(short))
        {
            throw new InvalidDataException($"matrix.dat of {Path.GetFileName(file)} does not have the size that main.plist says");
        }

        var geometry = new VolumeGeometry(
            columns, rows, new(1, 0, 0), new(0, 1, 0), spacing[1], spacing[0],
            [.. Enumerable.Range(0, slices).Select(k => new SlicePlane(new(0, 0, k * spacing[2]), spacing[2]))]);
        var stored = MemoryMarshal.Cast<byte, short>(matrix);
        var hounsfield = new short[stored.Length];
        for (var line = 0; line < slices * rows; line++)
        {
            var (slice, row) = Math.DivRem(line, rows);
            stored.Slice(((slice * rows) + rows - 1 - row) * columns, columns).CopyTo(hounsfield.AsSpan(line * columns));
        }

        return new CtVolume(geometry, hounsfield);
    }

    private static XElement Value(IEnumerable<XElement> elements, string key) =>
        elements.FirstOrDefault(e => e.Name == "key" && e.Value == key)?.ElementsAfterSelf().FirstOrDefault()
        ?? throw new InvalidDataException($"main.plist lacks {key}");

    private static double[] Numbers(XElement array) => [.. array.Elements().Select(e => double.Parse(e.Value, CultureInfo.InvariantCulture))];
}
