using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Preprocessing;

public sealed class CanonicalPlaneTests
{
    /// <summary>All eight ways in which the rows and columns of an axial slice can be stored.</summary>
    public static TheoryData<bool, bool, bool> Arrangements
    {
        get
        {
            var data = new TheoryData<bool, bool, bool>();
            foreach (var arrangement in Enumerable.Range(0, 8))
            {
                data.Add((arrangement & 1) != 0, (arrangement & 2) != 0, (arrangement & 4) != 0);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Arrangements))]
    public void Axial_rows_run_to_posterior_and_columns_to_the_left_however_they_are_stored(bool swapped, bool flipX, bool flipY)
    {
        // A head held 12° askew.
        var (cos, sin) = (Math.Cos(0.21), Math.Sin(0.21));
        var x = new Vector3D(cos, sin, 0) * (flipX ? -1 : 1);
        var y = new Vector3D(-sin, cos, 0) * (flipY ? -1 : 1);
        var (row, column) = swapped ? (y, x) : (x, y);
        var geometry = Stacks.Even(7, 5, 1, row, column, row.Cross(column), rowSpacingMm: 0.8, columnSpacingMm: 0.5);

        var plane = CanonicalPlane.Of(geometry);

        Vector3D At(int canonicalRow, int canonicalColumn)
        {
            var index = plane.Offset + (canonicalRow * plane.RowStride) + (canonicalColumn * plane.ColumnStride);
            return geometry.ToLpsMm(index % 7, index / 7, 0);
        }

        var toColumn = At(0, 1) - At(0, 0);
        var toRow = At(1, 0) - At(0, 0);
        Assert.True(plane.IsAxial);
        Assert.Equal(35, plane.Rows * plane.Columns);
        Assert.Equal(cos, toColumn.Normalized().X, 1e-9);
        Assert.Equal(cos, toRow.Normalized().Y, 1e-9);
        Assert.Equal(plane.ColumnSpacingMm, toColumn.Length, 1e-9);
        Assert.Equal(plane.RowSpacingMm, toRow.Length, 1e-9);
        Assert.Equal(Enumerable.Range(0, 35), Enumerable.Range(0, plane.Rows)
            .SelectMany(r => Enumerable.Range(0, plane.Columns).Select(c => plane.Offset + (r * plane.RowStride) + (c * plane.ColumnStride))).Order());
    }
}
