using System.IO.Compression;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Cases;

namespace HemoApi.Training.Tests.Cases;

public sealed class LabelledCasesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-cases-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Images_in_nifti_and_in_dicom_in_each_of_the_places_are_read_with_their_masks()
    {
        var study = new PhantomStudy(40, [HemorrhageType.Ich], ScannerSettings.Ideal);
        var (image, labels) = study.Scan();
        using var zip = new MemoryStream();
        study.WriteZip(zip, image);

        WriteImage("a/image.nii.gz", image);
        WriteMask("a/mask.nii.gz", labels);
        Write("b/scan.zip", zip);
        WriteMask("b/mask.nii.gz", labels);
        ZipFile.ExtractToDirectory(zip, Directory.CreateDirectory(At("c/image")).FullName);
        WriteMask("c/mask.nii.gz", labels);
        ZipFile.ExtractToDirectory(zip, At("d"));
        WriteMask("d/mask.nii.gz", labels);
        Write("e.zip", zip);
        WriteMask("e.mask.nii.gz", labels);

        var source = LabelledCases.Studies(_folder);

        Assert.Equal(5, source.Count);
        Assert.Equal(["a", "b", "c", "d", "e"], source.Studies.Select(s => s.Name));
        Assert.All(source.Studies, s =>
        {
            Assert.Equal(labels.Labels, s.Reference.Labels);
            Assert.Equal(image.Hounsfield, s.Image.Hounsfield);
        });
    }

    [Fact]
    public void A_mask_on_another_grid_is_refused_with_the_cases_name_and_the_reason()
    {
        var study = Small(5);
        WriteImage("shifted/image.nii.gz", study);
        var moved = new VolumeGeometry(16, 16, new(1, 0, 0), new(0, 1, 0), 1, 1, [.. Enumerable.Range(0, 5).Select(k => new SlicePlane(new(3, 0, k * 5), 5))]);
        WriteMask("shifted/mask.nii.gz", new LabelVolume(moved, new byte[16 * 16 * 5]));

        var message = Assert.Throws<InvalidDataException>(() => Assert.Single(LabelledCases.Studies(_folder).Studies).Reference).Message;

        Assert.Contains("case shifted", message, StringComparison.Ordinal);
        Assert.Contains("3 mm", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_without_a_mask_an_image_that_is_none_and_an_empty_folder_are_refused_by_name()
    {
        Assert.Contains(_folder, Assert.Throws<InvalidDataException>(() => LabelledCases.Studies(_folder)).Message, StringComparison.Ordinal);

        WriteImage("bare/image.nii.gz", Small(4));
        Assert.Contains("case bare has no mask", Assert.Throws<InvalidDataException>(() => LabelledCases.Studies(_folder)).Message, StringComparison.Ordinal);

        WriteMask("bare/mask.nii.gz", new LabelVolume(Small(4).Geometry, new byte[16 * 16 * 4]));
        File.WriteAllText(At("bare/image.nii.gz"), "not NIfTI");
        Assert.Contains("case bare", Assert.Throws<InvalidDataException>(() => Assert.Single(LabelledCases.Studies(_folder).Studies).Image).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_of_cases_show_the_head_and_its_blood_where_the_network_sees_them()
    {
        var (image, labels) = new PhantomStudy(41, [HemorrhageType.Sdh], ScannerSettings.Ideal).Scan();

        var slices = FrameSlices.Of(image, labels).ToList();

        // Area in mm² is kept by the resampling to 0.5 mm.
        var before = labels.Labels.Count(l => l == 3) * image.Geometry.PixelAreaMm2;
        var after = slices.Sum(s => s.Labels.Count(l => l == 3)) * 0.25;
        Assert.InRange(after / before, 0.99, 1.01);

        // Ideal blood has one density; away from edges it comes back as it was.
        var (stored, shown) = (Median(image.Hounsfield, labels.Labels), Median([.. slices.SelectMany(s => s.Hu)], [.. slices.SelectMany(s => s.Labels)]));
        Assert.InRange(shown, stored - 1, stored + 1);

        static double Median(short[] hu, byte[] labels)
        {
            var blood = hu.Where((_, i) => labels[i] == 3).Order().ToArray();
            return blood[blood.Length / 2];
        }
    }

    [Fact]
    public void Training_samples_of_cases_show_blood_more_often_than_the_slices_have_it_and_repeat_by_seed()
    {
        var (image, labels) = new PhantomStudy(42, [HemorrhageType.Ich]).Scan();
        var log = new StringWriter();
        using var slices = new CaseSlices([new("case", image, labels)], log);
        var source = new CaseSource(slices, PhantomSource.Sample, share: 1);
        Assert.Equal(PhantomSource.Sample(7, 64).Image, source.Sample(7, 64).Image);

        var samples = Enumerable.Range(0, 60).Select(i => source.Sample(TrainingSeeds.TrainingStart + (ulong)i, 256)).ToList();

        Assert.Equal(samples[3].Image, source.Sample(TrainingSeeds.TrainingStart + 3, 256).Image);
        Assert.NotEqual(samples[3].Image, samples[4].Image);
        Assert.InRange(samples.Count(s => s.Labels.Contains((byte)1)), 36, 60);
        Assert.All(samples, s => Assert.DoesNotContain(s.Labels, l => l > 1));

        // Blood is brighter than what surrounds it, wherever crop, mirror and noise have put it.
        var bright = samples.Where(s => s.Labels.Any(l => l > 0)).Select(s => s.Image.Where((_, i) => s.Labels[i] > 0).Average()).ToList();
        Assert.All(bright, mean => Assert.InRange(mean, -0.3, 1));
        Assert.Contains("with blood", log.ToString(), StringComparison.Ordinal);
    }

    private static CtVolume Small(int slices) => new(
        new VolumeGeometry(16, 16, new(1, 0, 0), new(0, 1, 0), 1, 1, [.. Enumerable.Range(0, slices).Select(k => new SlicePlane(new(0, 0, k * 5), 5))]),
        new short[16 * 16 * slices]);

    private void WriteImage(string name, CtVolume image)
    {
        using var file = Create(name);
        NiftiWriter.WriteImage(image, file);
    }

    private void WriteMask(string name, LabelVolume mask)
    {
        using var file = Create(name);
        NiftiWriter.WriteMask(mask, file);
    }

    private void Write(string name, MemoryStream content)
    {
        using var file = Create(name);
        content.WriteTo(file);
    }

    private FileStream Create(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        return File.Create(At(name));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
