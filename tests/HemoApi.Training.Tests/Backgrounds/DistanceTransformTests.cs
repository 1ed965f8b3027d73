using HemoApi.Imaging.Phantoms;
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
