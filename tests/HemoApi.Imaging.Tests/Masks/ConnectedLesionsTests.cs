using HemoApi.Imaging.Masks;

namespace HemoApi.Imaging.Tests.Masks;

public sealed class ConnectedLesionsTests
{
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(-1, 1, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(-1, -1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(-1, 1, 1)]
    [InlineData(1, 1, 1)]
    public void Voxels_that_touch_by_face_edge_or_corner_are_one_lesion(int dColumn, int dRow, int dSlice)
    {
        var mask = Stacks.Axial(5, 5, 5).MaskOf((2, 2, 2, HemorrhageType.Ich), (2 + dColumn, 2 + dRow, 2 + dSlice, HemorrhageType.Ich));

        Assert.Single(ConnectedLesions.Find(mask));
    }

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(2, 1, 1)]
    [InlineData(0, 2, 0)]
    [InlineData(0, 0, 2)]
    public void A_gap_of_one_voxel_makes_two_lesions(int dColumn, int dRow, int dSlice)
    {
        var mask = Stacks.Axial(5, 5, 5).MaskOf((2, 2, 2, HemorrhageType.Ich), (2 + dColumn, 2 + dRow, 2 + dSlice, HemorrhageType.Ich));

        Assert.Equal(2, ConnectedLesions.Find(mask).Count);
    }

    [Fact]
    public void Types_that_touch_stay_apart_even_where_one_splits_the_other()
    {
        var mask = Stacks.Axial(5, 1, 1).MaskOf(
            (0, 0, 0, HemorrhageType.Ich), (1, 0, 0, HemorrhageType.Edh), (2, 0, 0, HemorrhageType.Ich), (3, 0, 0, HemorrhageType.Edh));

        Assert.Equal(4, ConnectedLesions.Find(mask).Count);
    }

    [Fact]
    public void The_end_of_one_row_does_not_touch_the_start_of_the_next_but_one()
    {
        var mask = Stacks.Axial(5, 5, 1).MaskOf((4, 0, 0, HemorrhageType.Ich), (0, 1, 0, HemorrhageType.Ich));

        Assert.Equal(2, ConnectedLesions.Find(mask).Count);
    }

    [Fact]
    public void A_spiral_that_meets_only_at_its_end_is_one_lesion()
    {
        string[] rows = ["#########", "........#", "#######.#", "#.....#.#", "#.###.#.#", "#.#...#.#", "#.#####.#", "#.......#", "#########"];
        var voxels = rows.SelectMany((line, row) => line.Select((c, column) => (c, column, row)))
            .Where(v => v.c == '#').Select(v => (v.column, v.row, 0, HemorrhageType.Sdh)).ToArray();

        Assert.Single(ConnectedLesions.Find(Stacks.Axial(9, 9, 1).MaskOf(voxels)));
    }

    [Fact]
    public void Runs_hold_every_voxel_of_the_mask_once()
    {
        var random = new Random(7);
        var geometry = Stacks.Axial(37, 23, 11);
        var mask = new LabelVolume(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(_ => (byte)(random.Next(8) < 4 ? random.Next(4) : 0))]);
        var redrawn = new byte[geometry.VoxelCount];

        foreach (var run in ConnectedLesions.Find(mask).SelectMany(lesion => lesion.Runs.ToArray()))
        {
            for (var column = run.Start; column < run.End; column++)
            {
                redrawn[(((run.Slice * 23) + run.Row) * 37) + column] += run.Label;
            }
        }

        Assert.Equal(mask.Labels, redrawn);
    }

    [Theory]
    [InlineData(1, 24)]
    [InlineData(2, 12)]
    [InlineData(3, 6)]
    public void Random_masks_have_the_lesions_that_SciPy_finds(int seed, int oneIn)
    {
        ExternalTools.RequirePython("numpy", "scipy");
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var geometry = Stacks.Axial(61, 47, 13);
        var mask = new LabelVolume(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(_ => (byte)(random.Next(oneIn) == 0 ? random.Next(1, 4) : 0))]);
        File.WriteAllBytes(folder["mask"], mask.Labels);

        var theirs = ExternalTools.Python(
            """
            import numpy, sys
            from scipy import ndimage
            mask = numpy.fromfile(sys.argv[1], numpy.uint8).reshape(13, 47, 61)
            for label in (1, 2, 3):
                lesions, count = ndimage.label(mask == label, numpy.ones((3, 3, 3)))
                first = ndimage.minimum_position(numpy.arange(mask.size).reshape(mask.shape), lesions, range(1, count + 1))
                for (z, y, x), size in zip(first, ndimage.sum(mask == label, lesions, range(1, count + 1))):
                    print(label, z, y, x, int(size))
            """,
            folder["mask"]);

        var ours = ConnectedLesions.Find(mask).Select(lesion =>
        {
            var first = lesion.Runs.Span[0];
            return $"{(int)lesion.Type} {first.Slice} {first.Row} {first.Start} {lesion.Runs.ToArray().Sum(run => run.Length)}";
        });
        Assert.Equal(theirs.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(), ours.Order());
    }
}
