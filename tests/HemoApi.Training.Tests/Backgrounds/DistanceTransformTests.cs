using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Tests.Backgrounds;

public class DistanceTransformTests
{
    [Theory]
    [InlineData(17, 23, 0.9)]
    [InlineData(30, 11, 0.97)]
    public void The_distance_is_that_to_the_nearest_pixel_outside_found_by_trying_all(int rows, int columns, double share)
    {
        var random = new PhantomRandom(4);
        bool[] inside = [.. Enumerable.Range(0, rows * columns).Select(_ => random.Chance(share))];
        var outside = Enumerable.Range(0, inside.Length).Where(i => !inside[i]).ToArray();
        Assert.NotEmpty(outside);

        var found = DistanceTransform.ToOutside(inside, rows, columns);
        for (var i = 0; i < inside.Length; i++)
        {
            var (row, column) = Math.DivRem(i, columns);
            var expected = outside.Min(o => Math.Sqrt(Math.Pow((o / columns) - row, 2) + Math.Pow((o % columns) - column, 2)));
            Assert.Equal(expected, found[i], 1e-4);
        }
    }

    [Fact]
    public void The_distance_in_space_is_that_found_by_trying_all_whatever_the_spacing_of_levels()
    {
        const int Levels = 5;
        const int Rows = 7;
        const int Columns = 9;
        var random = new PhantomRandom(6);
        bool[] inside = [.. Enumerable.Range(0, Levels * Rows * Columns).Select(_ => random.Chance(0.95))];
        var outside = Enumerable.Range(0, inside.Length).Where(i => !inside[i]).Select(Place).ToArray();
        Assert.NotEmpty(outside);

        var found = DistanceTransform.ToOutsideMm(inside, Levels, Rows, Columns, planeMm: 0.8, levelMm: 1.6);
        for (var i = 0; i < inside.Length; i++)
        {
            Assert.Equal(outside.Min(o => (o - Place(i)).Length), found[i], 1e-4);
        }

        static Vector3D Place(int i) => new(i % Columns * 0.8, i / Columns % Rows * 0.8, i / (Columns * Rows) * 1.6);
    }

    [Fact]
    public void Holes_are_filled_and_bays_open_to_the_border_are_not()
    {
        const int Side = 7;
        var rows = new[]
        {
            ".......",
            ".#####.",
            ".#...#.",
            ".#####.",
            ".#...#.",
            ".#...#.",
            ".......",
        };
        bool[] mask = [.. string.Concat(rows).Select(c => c == '#')];
        var filled = PixelRegions.FillHoles(mask, Side, Side);
        Assert.Equal(mask.Count(m => m) + 3, filled.Count(f => f));
        Assert.True(filled[(2 * Side) + 3]);
        Assert.False(filled[(5 * Side) + 3]);
    }

    [Fact]
    public void The_largest_part_is_kept_alone()
    {
        bool[] mask = [.. "##.#.....###...#".Select(c => c == '#')];
        Assert.Equal("..........."[..9] + "###....", string.Concat(PixelRegions.Largest(mask, 1, mask.Length).Select(m => m ? '#' : '.')));
    }
}
