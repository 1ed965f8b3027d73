using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Postprocessing;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Postprocessing;

public sealed class LeftOutFindingsTests
{
    [Fact]
    public void The_five_largest_are_named_and_the_others_counted()
    {
        // 10 mm cubes: 1 ml a voxel.
        var geometry = Stacks.Axial(16, 16, 3, spacingMm: 10, sliceSpacingMm: 10);
        var mask = geometry.MaskOf(
            (1, 1, 0, HemorrhageType.Ich),
            (1, 5, 0, HemorrhageType.Ich),
            (5, 1, 0, HemorrhageType.Edh), (6, 1, 0, HemorrhageType.Edh),
            (5, 5, 1, HemorrhageType.Sdh), (5, 5, 2, HemorrhageType.Sdh), (6, 5, 2, HemorrhageType.Sdh),
            (10, 1, 1, HemorrhageType.Edh), (11, 1, 1, HemorrhageType.Edh), (12, 1, 1, HemorrhageType.Edh), (13, 1, 1, HemorrhageType.Edh),
            (1, 9, 2, HemorrhageType.Ich), (2, 9, 2, HemorrhageType.Ich), (3, 9, 2, HemorrhageType.Ich), (4, 9, 2, HemorrhageType.Ich), (5, 9, 2, HemorrhageType.Ich),
            (1, 12, 0, HemorrhageType.Sdh), (1, 12, 1, HemorrhageType.Sdh), (1, 12, 2, HemorrhageType.Sdh),
            (2, 12, 0, HemorrhageType.Sdh), (2, 12, 1, HemorrhageType.Sdh), (2, 12, 2, HemorrhageType.Sdh));

        var warning = LeftOutFindings.Warning(ConnectedLesions.Find(mask), geometry);

        Assert.Equal(WarningCodes.FindingsLeftOut, warning?.Code);
        Assert.EndsWith(
            ": SDH 6.0 ml at slice indices 0 to 2; ICH 5.0 ml at slice index 2; EDH 4.0 ml at slice index 1; SDH 3.0 ml at slice indices 1 to 2; EDH 2.0 ml at slice index 0; and 2 smaller.",
            warning?.Detail,
            StringComparison.Ordinal);
    }
}
