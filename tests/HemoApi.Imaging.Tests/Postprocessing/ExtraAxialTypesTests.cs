using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Postprocessing;

public sealed class ExtraAxialTypesTests
{
    [Fact]
    public void Stray_voxels_take_the_type_of_the_blood_around_them_and_other_collections_stay()
    {
        var geometry = Stacks.Axial(12, 12, 3);
        var mask = geometry.MaskOf(
            (1, 0, 0, HemorrhageType.Sdh), (1, 1, 0, HemorrhageType.Sdh), (2, 1, 0, HemorrhageType.Sdh),
            (2, 2, 1, HemorrhageType.Sdh), (3, 2, 1, HemorrhageType.Edh),
            (8, 8, 1, HemorrhageType.Edh), (9, 8, 1, HemorrhageType.Ich));

        var smoothed = ExtraAxialTypes.Smooth(mask);

        Assert.Equal(
            geometry.MaskOf(
                (1, 0, 0, HemorrhageType.Sdh), (1, 1, 0, HemorrhageType.Sdh), (2, 1, 0, HemorrhageType.Sdh),
                (2, 2, 1, HemorrhageType.Sdh), (3, 2, 1, HemorrhageType.Sdh),
                (8, 8, 1, HemorrhageType.Edh), (9, 8, 1, HemorrhageType.Ich)).Labels,
            smoothed.Labels);
        Assert.Equal((byte)HemorrhageType.Edh, mask.Labels[geometry.MaskOf((3, 2, 1, HemorrhageType.Edh)).Labels.AsSpan().IndexOf((byte)HemorrhageType.Edh)]);
    }

    [Fact]
    public void Volume_decides_and_not_the_number_of_voxels()
    {
        // Extents along the normal: 1, 1, 5.5, 10, 10 mm; three voxels of SDH are 3 mm, two of EDH 11 mm.
        var geometry = Stacks.AxialAt(columns: 5, rows: 5, spacingMm: 1, thicknessMm: 5, 0, 1, 2, 12, 22);
        var mask = geometry.MaskOf(
            (1, 1, 0, HemorrhageType.Sdh), (1, 1, 1, HemorrhageType.Sdh), (2, 1, 1, HemorrhageType.Sdh),
            (1, 1, 2, HemorrhageType.Edh), (2, 1, 2, HemorrhageType.Edh));

        Assert.Equal(
            geometry.MaskOf(
                (1, 1, 0, HemorrhageType.Edh), (1, 1, 1, HemorrhageType.Edh), (2, 1, 1, HemorrhageType.Edh),
                (1, 1, 2, HemorrhageType.Edh), (2, 1, 2, HemorrhageType.Edh)).Labels,
            ExtraAxialTypes.Smooth(mask).Labels);
    }

    [Fact]
    public void Two_collections_in_contact_stay_two_and_lose_their_stray_voxels()
    {
        var geometry = Stacks.Axial(60, 6, 2);
        var truth = Blood(geometry, column => column < 30 ? HemorrhageType.Sdh : HemorrhageType.Edh);
        var mask = Blood(geometry, column => column is < 4 or (>= 30 and < 57) ? HemorrhageType.Edh : HemorrhageType.Sdh);

        Assert.Equal(truth.Labels, ExtraAxialTypes.Smooth(mask).Labels);
        Assert.Equal(truth.Labels, ExtraAxialTypes.Smooth(truth).Labels);
    }

    [Fact]
    public void Votes_count_by_a_Gaussian_of_the_distance_and_by_the_extent_of_the_slice()
    {
        // Pixels of 2 mm: each is a cell of its own.
        var geometry = Stacks.AxialAt(columns: 9, rows: 7, spacingMm: 2, thicknessMm: 3, 0, 3, 5, 13);
        var random = new Random(7);
        var mask = new LabelVolume(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(i => (byte)(random.Next(9) < i % 9 ? HemorrhageType.Edh : HemorrhageType.Sdh))]);
        var points = (from k in Enumerable.Range(0, 4) from r in Enumerable.Range(0, 7) from c in Enumerable.Range(0, 9) select (Point: geometry.ToLpsMm(c, r, k), Extent: geometry.SliceExtentMm(k))).ToList();

        var expected = points.Select(to => points.Zip(mask.Labels).Sum(from =>
        {
            var offset = from.First.Point - to.Point;
            var reach = new[] { offset.X, offset.Y, offset.Z }.All(d => Math.Abs(d) <= 25);
            return reach ? from.First.Extent * Math.Exp(-offset.Dot(offset) / 200) * (from.Second == (byte)HemorrhageType.Edh ? 1 : -1) : 0;
        })).ToList();

        var decided = expected.Select((vote, i) => (vote, i)).Where(v => Math.Abs(v.vote) > 1e-3).ToList();
        var smoothed = ExtraAxialTypes.Smooth(mask).Labels;
        Assert.All(decided, v => Assert.Equal((byte)(v.vote > 0 ? HemorrhageType.Edh : HemorrhageType.Sdh), smoothed[v.i]));
        Assert.Contains(decided, v => v.vote > 0);
        Assert.Contains(decided, v => v.vote < 0);
    }

    [Fact]
    public void A_mask_whose_collections_have_one_type_each_is_returned_as_it_is()
    {
        var mask = Stacks.Axial(8, 8, 1).MaskOf((1, 1, 0, HemorrhageType.Sdh), (5, 5, 0, HemorrhageType.Edh));

        Assert.Same(mask, ExtraAxialTypes.Smooth(mask));
    }

    private static LabelVolume Blood(VolumeGeometry geometry, Func<int, HemorrhageType> type) =>
        new(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(i => (byte)type(i % geometry.Columns))]);
}
