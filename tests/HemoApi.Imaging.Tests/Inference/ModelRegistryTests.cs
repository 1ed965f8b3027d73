using System.Text.Json;
using HemoApi.Imaging.Inference;

namespace HemoApi.Imaging.Tests.Inference;

public sealed class ModelRegistryTests
{
    private static readonly EngineOptions OneThread = new() { Threads = 1 };

    [Fact]
    public void Pairs_of_all_folders_are_found_by_id_and_the_first_is_the_default()
    {
        using var ours = new TemporaryFolder();
        using var theirs = new TemporaryFolder();
        Install(ours, "b", "ours-b");
        Install(ours, "a", "ours-a");
        Install(theirs, "a", "theirs");

        using var registry = ModelRegistry.Load([ours.FullPath, theirs.FullPath], OneThread).Value;

        Assert.Equal(["ours-a", "ours-b", "theirs"], registry.Models.Select(model => model.Manifest.Id));
        Assert.Equal("ours-a", registry.Find(null)?.Manifest.Id);
        Assert.Equal("theirs", registry.Find("theirs")?.Manifest.Id);
        Assert.Null(registry.Find("unknown"));
    }

    [Theory]
    [InlineData(".onnx", "lacks its network")]
    [InlineData(".json", "lacks its manifest")]
    public void Half_a_pair_is_refused(string missing, string detail)
    {
        using var folder = new TemporaryFolder();
        Install(folder, "a", "a");
        Install(folder, "b", "b");
        File.Delete(folder[$"b{missing}"]);

        Refused(folder, detail);
    }

    [Fact]
    public void A_network_with_one_flipped_bit_is_refused()
    {
        using var folder = new TemporaryFolder();
        Install(folder, "a", "a");
        var network = File.ReadAllBytes(folder["a.onnx"]);
        network[^1] ^= 1;
        File.WriteAllBytes(folder["a.onnx"], network);

        Refused(folder, "SHA-256");
    }

    [Fact]
    public void Two_models_of_one_id_are_refused()
    {
        using var folder = new TemporaryFolder();
        Install(folder, "a", "same");
        Install(folder, "b", "same");

        Refused(folder, "same");
    }

    [Fact]
    public void No_model_at_all_is_refused()
    {
        using var folder = new TemporaryFolder();

        Refused(folder, "no model");
        Assert.Equal(FaultCodes.ModelIntegrity, ModelRegistry.Load([folder["missing"]], OneThread).Fault?.Code);
    }

    private static void Refused(TemporaryFolder folder, string detail)
    {
        var fault = ModelRegistry.Load([folder.FullPath], OneThread).Fault;

        Assert.Equal(FaultCodes.ModelIntegrity, fault?.Code);
        Assert.Contains(detail, fault!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.FullPath, fault.Detail, StringComparison.Ordinal);
    }

    private static void Install(TemporaryFolder folder, string name, string id)
    {
        var network = TinyNetwork.IchFrom(60);
        File.WriteAllBytes(folder[$"{name}.onnx"], network);
        File.WriteAllBytes(
            folder[$"{name}.json"],
            JsonSerializer.SerializeToUtf8Bytes(TinyNetwork.Manifest(network) with { Id = id }, ModelManifest.JsonOptions));
    }
}
