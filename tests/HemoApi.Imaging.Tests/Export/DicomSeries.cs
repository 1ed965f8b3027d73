using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Tests.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Export;

/// <summary>A volume as the DICOM files that a scanner would have made of it.</summary>
internal static class DicomSeries
{
    /// <param name="reversed">The last slice comes first, as in a feet-first scan.</param>
    public static IReadOnlyList<byte[]> FilesOf(CtVolume volume, string series = "series", bool reversed = false)
    {
        var files = Enumerable.Range(0, volume.Geometry.SliceCount).Select(slice => FileOf(volume, slice, series, reversed));
        return [.. reversed ? files.Reverse() : files];
    }

    private static byte[] FileOf(CtVolume volume, int slice, string series, bool reversed)
    {
        var geometry = volume.Geometry;
        var (r, c) = (geometry.RowDirection, geometry.ColumnDirection);
        var image = new CtImage
        {
            Series = series,
            Rows = geometry.Rows,
            Columns = geometry.Columns,
            Index = reversed ? geometry.SliceCount - 1 - slice : slice,
            Position = geometry.Slices[slice].OriginLpsMm,
            ThicknessMm = geometry.Slices[slice].ThicknessMm,
            Intercept = 0,
            Pixels = MemoryMarshal.AsBytes(volume.Slice(slice)).ToArray(),
        };
        return CtImage.File(image.Dataset()
            .Text(DicomTags.PatientPosition, DicomVr.CS, reversed ? "FFS" : "HFS")
            .Decimals(DicomTags.ImageOrientationPatient, r.X, r.Y, r.Z, c.X, c.Y, c.Z)
            .Decimals(DicomTags.PixelSpacing, geometry.RowSpacingMm, geometry.ColumnSpacingMm));
    }
}
