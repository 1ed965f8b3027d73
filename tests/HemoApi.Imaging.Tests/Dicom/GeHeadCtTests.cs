using System.IO.Compression;
using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>A real head CT: gantry tilted by 18.5°, 14 slices of 4 mm and then 14 of 7 mm, which overlap where they meet.</summary>
public class GeHeadCtTests
{
    [Fact]
    public void Its_plan_names_tilt_thicknesses_and_overlap()
    {
        using var study = GeStudy.Open();
        var plan = SeriesCatalogue.Plan(Headers(study), null).Value;

        Assert.Equal(28, plan.Slices.Count);
        Assert.Equal(18.5, plan.GantryTiltDegrees, 0.01);
        Assert.Equal(
            [WarningCodes.GantryTilt, WarningCodes.UnevenSpacing, WarningCodes.ThicknessDiffersFromSpacing],
            plan.Warnings.Select(w => w.Code));
        Assert.Contains("18.5°", plan.Warnings[0].Detail, StringComparison.Ordinal);
        Assert.Contains("4.0 mm in 14 slices, 7.0 mm in 14 slices", plan.Warnings[1].Detail, StringComparison.Ordinal);
        Assert.Contains("At 1 of 27 places neighbouring slices overlap by up to 4.42 mm", plan.Warnings[2].Detail, StringComparison.Ordinal);
        Assert.Equal(4.002, plan.Geometry.GapAfterMm(0), 0.001);
        Assert.Equal(1.081, plan.Geometry.GapAfterMm(13), 0.001);
        Assert.Equal(6.999, plan.Geometry.GapAfterMm(14), 0.001);
    }

    [Fact]
    public void Its_voxels_and_positions_are_those_that_pydicom_reads()
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        using var study = GeStudy.Open();
        var plan = SeriesCatalogue.Plan(Headers(study), null).Value;
        var volume = CtVolumeReader.Read(plan, name => study.GetEntry(name)!.Open(), null, TestContext.Current.CancellationToken).Value;
        using var folder = new TemporaryFolder();
        study.ExtractToDirectory(folder["study"]);

        // Padding (-1500 in these files) is the one thing that we change: it becomes air.
        ExternalTools.Python(
            """
            import glob, sys, pydicom, numpy
            slices = [pydicom.dcmread(f) for f in glob.glob(sys.argv[1] + '/*.dcm')]
            slices.sort(key=lambda d: d.ImagePositionPatient[2])
            with open(sys.argv[2], 'wb') as out:
                for d in slices:
                    stored = d.pixel_array.astype('f8')
                    hu = stored * float(d.RescaleSlope) + float(d.RescaleIntercept)
                    hu[stored == d.PixelPaddingValue] = -1024
                    out.write(hu.astype('<i2').tobytes())
            numpy.array([[float(v) for v in d.ImagePositionPatient] for d in slices]).astype('<f8').tofile(sys.argv[3])
            """,
            folder["study"],
            folder["hu"],
            folder["positions"]);

        var expected = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(folder["hu"]));
        var positions = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(folder["positions"]));
        Assert.True(expected.SequenceEqual(volume.Hounsfield));
        for (var k = 0; k < 28; k++)
        {
            Assert.Equal(new Vector3D(positions[3 * k], positions[(3 * k) + 1], positions[(3 * k) + 2]), volume.Geometry.Slices[k].OriginLpsMm);
        }
    }

    [Fact]
    public void Without_one_of_its_inner_slices_it_is_refused_and_without_an_end_slice_it_is_not()
    {
        using var study = GeStudy.Open();
        var headers = Headers(study);
        for (var k = 0; k < headers.Count; k++)
        {
            var outcome = SeriesCatalogue.Plan([.. headers.Where((_, i) => i != k)], null);

            // Slice 14 lies wholly within what slice 13 and the thick slice 15 cover.
            Assert.Equal(k is 0 or 13 or 27 ? "none" : FaultCodes.GeometryMissingSlice, outcome.Code());
        }
    }

    private static IReadOnlyList<DicomInstance> Headers(ZipArchive study) =>
    [
        .. study.Entries.Select(entry =>
        {
            using var stream = entry.Open();
            return DicomHeaderReader.ReadAndCheckPixelData(stream, entry.FullName).Value;
        }),
    ];
}
