using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Training.Commands;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Tests.Commands;

public sealed class ModelPairTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-pair-").FullName;

    private string ManifestFile => Path.Combine(_folder, "pair.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_network_that_is_not_its_manifests_is_refused_with_a_sentence_about_its_hash()
    {
        var network = TinyNetwork.IchBetween(60, 100);
        CardFigures.Write(ManifestFile, TinyNetwork.Manifest(network));
        File.WriteAllBytes(Path.ChangeExtension(ManifestFile, ".onnx"), TinyNetwork.IchBetween(50, 90));
        var (manifest, onnx) = ModelPair.Read(ManifestFile);

        var refusal = Assert.Throws<InvalidDataException>(() => ModelPair.Load(manifest, onnx, new EngineOptions { Threads = 1 }));

        Assert.Contains("SHA-256", refusal.Message);
    }

    [Fact]
    public void A_manifest_that_is_none_is_refused()
    {
        File.WriteAllText(ManifestFile, "{}");
        File.WriteAllBytes(Path.ChangeExtension(ManifestFile, ".onnx"), []);

        Assert.Throws<InvalidDataException>(() => ModelPair.Read(ManifestFile));
    }
}
