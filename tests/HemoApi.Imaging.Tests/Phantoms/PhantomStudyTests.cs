using System.Globalization;
using System.IO.Compression;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;

namespace HemoApi.Imaging.Tests.Phantoms;

public class PhantomStudyTests
{
    [Fact]
    public void Pydicom_and_dciodvfy_accept_every_slice_and_find_the_blood_where_it_was_put()
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        using var folder = new TemporaryFolder();
        var study = new PhantomStudy(21, [HemorrhageType.Ich], ScannerSettings.Ideal);
        using (var zip = File.Create(folder["study.zip"]))
        {
            study.WriteZip(zip);
        }

        ZipFile.ExtractToDirectory(folder["study.zip"], folder["study"]);
        var output = ExternalTools.Python(
            """
            import glob, sys, pydicom, numpy as np
            x, y, z = map(float, sys.argv[2:5])
            slices = [pydicom.dcmread(f) for f in sorted(glob.glob(sys.argv[1] + '/CT/*.dcm'))]
            near = min(slices, key=lambda d: abs(float(d.ImagePositionPatient[2]) - z))
            hu = near.pixel_array * float(near.RescaleSlope) + float(near.RescaleIntercept)
            r = round((y - float(near.ImagePositionPatient[1])) / float(near.PixelSpacing[0]))
            c = round((x - float(near.ImagePositionPatient[0])) / float(near.PixelSpacing[1]))
            print(len(slices), hu[r, c], hu.min(), near.PatientID)
            """,
            [folder["study"], .. Coordinates(study)]).Split(' ');

        Assert.Equal("30", output[0]);
        Assert.Equal(study.Head.Lesions[0].Hu, double.Parse(output[1], CultureInfo.InvariantCulture), 0.6);
        Assert.Equal("-1000.0", output[2]);
        Assert.Equal("PHANTOM-21", output[3].Trim());

        var verdict = ExternalTools.TryRun("dciodvfy", folder["study/CT/015.dcm"]);
        Assert.DoesNotContain("Error", verdict.Output + verdict.Error, StringComparison.Ordinal);
        Assert.Contains("CTImage", verdict.Output + verdict.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_has_the_hemorrhages_that_were_asked_for_and_no_other()
    {
        var study = new PhantomStudy(22, [HemorrhageType.Edh, HemorrhageType.Sdh]);
        Assert.Equal([HemorrhageType.Edh, HemorrhageType.Sdh], study.Head.Lesions.Select(l => l.Type).Order());
        Assert.Equal(0, study.Head.VolumeMl(HemorrhageType.Ich));
    }

    private static string[] Coordinates(PhantomStudy study)
    {
        var p = study.Head.Pose.ToLpsMm(study.Head.Lesions[0].Body.CentreMm);
        return [.. new[] { p.X, p.Y, p.Z }.Select(v => v.ToString(CultureInfo.InvariantCulture))];
    }
}
