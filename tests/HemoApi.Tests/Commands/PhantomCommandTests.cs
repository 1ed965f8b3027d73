using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using HemoApi.Commands;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Phantoms;

namespace HemoApi.Tests.Commands;

public sealed class PhantomCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-phantom-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_study_comes_with_a_mask_of_the_volumes_that_its_truth_states()
    {
        Assert.Equal(0, await CommandLine.Run(["phantom", "--output", _folder, "--seed", "11", "--types", "ich,SDH"]));

        var truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "phantom-11.json"))).RootElement;
        var volumes = truth.GetProperty("volumes").EnumerateArray().ToDictionary(v => v.GetProperty("type").GetString()!, v => v.GetProperty("volumeMl").GetDouble());
        var (labels, voxelMl) = ReadMask(Path.Combine(_folder, "phantom-11.mask.nii.gz"));
        Assert.True(volumes["ICH"] > 0 && volumes["SDH"] > 0);
        Assert.Equal(0, volumes["EDH"]);
        foreach (var (label, type) in new[] { (1, "ICH"), (2, "EDH"), (3, "SDH") })
        {
            Assert.Equal(volumes[type], labels.Count(l => l == label) * voxelMl, volumes[type] * 0.06);
        }
    }

    [Fact]
    public async Task Without_types_a_study_has_the_hemorrhages_that_its_seed_draws()
    {
        var seed = Enumerable.Range(1, 50).First(s => new PhantomStudy((ulong)s).Head.Lesions.Count > 0);

        Assert.Equal(0, await CommandLine.Run(["phantom", "--output", _folder, "--seed", $"{seed}"]));

        var truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, $"phantom-{seed}.json"))).RootElement;
        Assert.Equal(new PhantomStudy((ulong)seed).Head.Lesions.Count, truth.GetProperty("lesions").GetArrayLength());
    }

    [Fact]
    public async Task The_zip_holds_30_CT_images_of_one_series_in_the_syntax_asked_for()
    {
        Assert.Equal(0, await CommandLine.Run(["phantom", "--output", _folder, "--types", "none", "--transfer-syntax", TransferSyntax.RleLossless.Uid]));

        using var zip = ZipFile.OpenRead(Path.Combine(_folder, "phantom-1.zip"));
        List<DicomInstance> images = [];
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            images.Add(DicomHeaderReader.Read(stream, entry.FullName).Value);
        }

        Assert.Equal(30, images.Count);
        Assert.Single(images.Select(i => i.SeriesInstanceUid).Distinct());
        Assert.All(images, i => Assert.Equal(TransferSyntax.RleLossless.Uid, i.TransferSyntaxUid));
    }

    [Theory]
    [InlineData("--types", "IVH")]
    [InlineData("--transfer-syntax", "1.2.3")]
    public async Task What_it_cannot_write_it_refuses_and_writes_nothing(string option, string value)
    {
        Assert.NotEqual(0, await CommandLine.Run(["phantom", "--output", _folder, option, value]));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    /// <summary>Labels and voxel volume (ml) of a NIfTI-1 mask of bytes, from the fields of its header: vox_offset at 108, pixdim at 76.</summary>
    private static (byte[] Labels, double VoxelMl) ReadMask(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        gzip.CopyTo(memory);
        var bytes = memory.ToArray();
        float Float(int offset) => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(offset));
        return (bytes[(int)Float(108)..], Float(80) * Float(84) * Float(88) / 1000.0);
    }
}
