using System.Globalization;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Quantification;

public sealed class HuDistributionTests
{
    [Fact]
    public void Mean_SD_and_percentiles_are_those_of_numpy()
    {
        ExternalTools.RequirePython("numpy");
        var geometry = Stacks.Axial(40, 30, 7);
        var image = geometry.Water();
        var random = new Random(5);
        var labels = new byte[geometry.VoxelCount];
        for (var i = 0; i < labels.Length; i++)
        {
            image.Hounsfield[i] = (short)(62 + (random.NextDouble() * random.NextDouble() * 40) - (i % 7));
            labels[i] = i % 1200 < 900 ? (byte)HemorrhageType.Edh : (byte)0;
        }

        var hu = Assert.Single(LesionQuantifier.Measure(image, new LabelVolume(geometry, labels)).Lesions).Hu;

        var values = string.Join(' ', image.Hounsfield.Where((_, i) => labels[i] != 0));
        var numpy = ExternalTools.Python(
            """
            import sys, numpy as np
            v = np.array([int(x) for x in sys.argv[1].split()])
            print(v.mean(), v.std(), *np.percentile(v, [5, 25, 50, 75, 95], method='inverted_cdf'))
            """,
            values).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(x => double.Parse(x, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(numpy[0], hu.Mean, 1e-9);
        Assert.Equal(numpy[1], hu.Sd, 1e-9);
        Assert.Equal(new HuPercentiles(numpy[2], numpy[3], numpy[4], numpy[5], numpy[6]), hu.Percentiles);
    }

    [Fact]
    public void Thick_slices_weigh_more_in_percentiles()
    {
        // Extents of 2, 5 and 8 mm hold 40, 60 and 90 HU: two fifteenths, a third and eight fifteenths of the volume.
        var geometry = Stacks.AxialAt(columns: 3, rows: 3, spacingMm: 1, thicknessMm: 5, 0, 2, 4, 12, 20);
        var image = geometry.Water();
        (image.Hounsfield[13], image.Hounsfield[22], image.Hounsfield[31]) = (40, 60, 90);
        var mask = geometry.MaskOf((1, 1, 1, HemorrhageType.Ich), (1, 1, 2, HemorrhageType.Ich), (1, 1, 3, HemorrhageType.Ich));

        var hu = Assert.Single(LesionQuantifier.Measure(image, mask).Lesions).Hu;

        Assert.Equal(new HuPercentiles(40, 60, 90, 90, 90), hu.Percentiles);
    }
}
