using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using HemoApi.Imaging.Phantoms;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Tests.Backgrounds;

public sealed class BackgroundHeadsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-backgrounds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_study_in_a_zip_and_an_invesalius_project_become_heads()
    {
        using (var zip = File.Create(Path.Combine(_folder, "a.zip")))
        {
            new PhantomStudy(30, []).WriteZip(zip);
        }

        WriteProject(Path.Combine(_folder, "b.inv3"), slices: 4);
        var log = new StringWriter();
        var heads = BackgroundHeads.Load(_folder, log);
        Assert.Equal(2, heads.Count);
        Assert.InRange(heads[0].HighestCavityMm - heads[0].LowestCavityMm, 80, 150);
        Assert.Contains("b.inv3: closed skull over", log.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, BackgroundHeads.ReadAll(_folder).Count());
    }

    [Fact]
    public void The_rows_of_an_invesalius_project_go_from_posterior_to_anterior()
    {
        WriteProject(Path.Combine(_folder, "b.inv3"), slices: 1);
        var (hu, _) = CranialCavityTests.Slice(PhantomFactory.Create(31, []), zMm: 20);
        var (_, image) = Assert.Single(BackgroundHeads.ReadAll(_folder));
        Assert.All(image.Hounsfield.Zip(hu), pair => Assert.Equal(MathF.Round(pair.Second), pair.First, 0.01));
    }

    [Fact]
    public void An_mr_template_that_is_damaged_or_has_no_brain_is_refused_by_name()
    {
        var template = Directory.CreateDirectory(Path.Combine(_folder, "somebody"));
        File.WriteAllBytes(Path.Combine(template.FullName, MrHead.HeadFile), []);
        File.WriteAllBytes(Path.Combine(template.FullName, MrHead.BrainFile), []);
        Assert.Contains(MrHead.HeadFile, Assert.Throws<InvalidDataException>(() => BackgroundHeads.Load(_folder, TextWriter.Null)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(template.FullName, MrHead.BrainFile));
        Assert.Contains("somebody", Assert.Throws<InvalidDataException>(() => BackgroundHeads.Load(_folder, TextWriter.Null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_nifti_image_is_a_head_like_any_other()
    {
        var study = new PhantomStudy(30, []);
        var image = study.Scan().Image;
        using (var nifti = File.Create(Path.Combine(_folder, "a.nii.gz")))
        {
            Imaging.Export.NiftiWriter.WriteImage(image, nifti);
        }

        using (var zip = File.Create(Path.Combine(_folder, "b.zip")))
        {
            study.WriteZip(zip, image);
        }

        var heads = BackgroundHeads.ReadAll(_folder).ToList();

        Assert.Equal(["a.nii.gz", "b.zip"], heads.Select(h => h.Name));
        Assert.Equal(heads[1].Image.Hounsfield, heads[0].Image.Hounsfield);
    }

    [Fact]
    public void What_is_no_head_ct_is_refused_by_name()
    {
        using (var zip = ZipFile.Open(Path.Combine(_folder, "notes.zip"), ZipArchiveMode.Create))
        {
            using var text = zip.CreateEntry("a.txt").Open();
            text.Write("not DICOM"u8);
        }

        Assert.Contains("notes.zip", Assert.Throws<InvalidDataException>(() => BackgroundHeads.Load(_folder, TextWriter.Null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Held_out_seeds_stay_phantoms_and_a_training_seed_gives_the_same_sample_again()
    {
        WriteProject(Path.Combine(_folder, "b.inv3"), slices: 3);
        var source = new BackgroundSource(BackgroundHeads.Load(_folder, TextWriter.Null), share: 1);
        Assert.Equal(PhantomSource.Sample(7, 64).Image, source.Sample(7, 64).Image);

        var painted = source.Sample(TrainingSeeds.TrainingStart + 1, 64);
        Assert.Equal(painted.Image, source.Sample(TrainingSeeds.TrainingStart + 1, 64).Image);
        Assert.NotEqual(PhantomSource.Sample(TrainingSeeds.TrainingStart + 1, 64).Image, painted.Image);
    }

    [Fact]
    public void Some_phantoms_of_training_are_off_calibration_in_their_densities_and_none_in_its_labels()
    {
        var source = new BackgroundSource([], share: 0);
        var seeds = Enumerable.Range(0, 20).Select(i => TrainingSeeds.TrainingStart + (ulong)i).ToList();
        Assert.InRange(seeds.Count(seed => !PhantomSource.Sample(seed, 64).Image.SequenceEqual(source.Sample(seed, 64).Image)), 5, 18);
        Assert.All(seeds, seed => Assert.Equal(PhantomSource.Sample(seed, 64).Labels, source.Sample(seed, 64).Labels));
    }

    /// <summary>The same slice of a phantom, as often as asked, 1.4 mm apart.</summary>
    private static void WriteProject(string file, int slices)
    {
        var (hu, _) = CranialCavityTests.Slice(PhantomFactory.Create(31, []), zMm: 20);
        var matrix = new short[slices * hu.Length];
        for (var i = 0; i < matrix.Length; i++)
        {
            var (slice, pixel) = Math.DivRem(i, hu.Length);
            var (row, column) = Math.DivRem(pixel, 256);
            matrix[(slice * hu.Length) + ((255 - row) * 256) + column] = (short)MathF.Round(hu[pixel]);
        }

        var plist = $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0"><dict>
            <key>matrix</key><dict><key>shape</key><array><integer>{slices}</integer><integer>256</integer><integer>256</integer></array></dict>
            <key>spacing</key><array><real>0.9</real><real>0.9</real><real>1.4</real></array>
            </dict></plist>
            """;
        using var tar = new TarWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest));
        Write("x/main.plist", Encoding.UTF8.GetBytes(plist));
        Write("x/matrix.dat", MemoryMarshal.AsBytes(matrix.AsSpan()).ToArray());

        void Write(string name, byte[] content) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
    }
}
