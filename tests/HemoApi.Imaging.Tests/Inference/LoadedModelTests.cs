using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Tests.Masks;

namespace HemoApi.Imaging.Tests.Inference;

public sealed class LoadedModelTests
{
    private static readonly EngineOptions OneThread = new() { Threads = 1 };

    [Fact]
    public void A_network_that_is_not_the_manifests_is_refused()
    {
        var network = TinyNetwork.IchFrom(60);
        var manifest = TinyNetwork.Manifest(TinyNetwork.IchFrom(61));

        Assert.Equal(FaultCodes.ModelIntegrity, LoadedModel.Load(manifest, network, OneThread).Fault?.Code);
    }

    [Fact]
    public void Bytes_that_are_no_network_are_refused()
    {
        byte[] network = [1, 2, 3, 4];

        Assert.Equal(FaultCodes.ModelIntegrity, LoadedModel.Load(TinyNetwork.Manifest(network), network, OneThread).Fault?.Code);
    }

    [Theory]
    [InlineData("picture", TinyNetwork.Output)]
    [InlineData(TinyNetwork.Input, "logits")]
    public void A_manifest_that_names_other_tensors_is_refused(string input, string output)
    {
        var network = TinyNetwork.IchFrom(60);
        var manifest = TinyNetwork.Manifest(network);
        manifest = manifest with { Input = manifest.Input with { Name = input }, Output = manifest.Output with { Name = output } };

        Assert.Equal(FaultCodes.ModelIntegrity, LoadedModel.Load(manifest, network, OneThread).Fault?.Code);
    }

    public static TheoryData<string, string> BadOutputs => new()
    {
        { "not a number", "no numbers" },
        { "logits", "from" },
        { "one channel", "instead of 1×3×32×32" },
    };

    [Theory]
    [MemberData(nameof(BadOutputs))]
    public void Output_that_is_no_probabilities_is_found_before_the_first_patient(string kind, string detail)
    {
        var network = kind switch
        {
            "not a number" => TinyNetwork.NotANumber(),
            "logits" => TinyNetwork.Linear(1, 7),
            _ => TinyNetwork.OneChannel(),
        };

        var fault = LoadedModel.Load(TinyNetwork.Manifest(network), network, OneThread).Fault;

        Assert.Equal(FaultCodes.InferenceInvalidOutput, fault?.Code);
        Assert.Contains(detail, fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_that_turns_bad_on_one_image_is_refused_then()
    {
        // Sigmoid-free: 0.5 on water, far over 1 on bone.
        var network = TinyNetwork.Linear(0.1f, 0.2f);
        using var model = TinyNetwork.Load(network);
        var image = new Volumes.CtVolume(Stacks.Axial(32, 32, 1), [.. Enumerable.Repeat((short)3000, 32 * 32)]);
        using var steep = TinyNetwork.Load(network, m => m with { Input = m.Input with { Hu = new HuNormalisation(-20, 120, 100, 0) } });

        Assert.Null(Segmenter.Run(model, image, null, CancellationToken.None).Fault);
        Assert.Equal(FaultCodes.InferenceInvalidOutput, Segmenter.Run(steep, image, null, CancellationToken.None).Fault?.Code);
    }

    [Fact]
    public void A_network_that_needs_more_memory_than_there_is_says_so()
    {
        var network = TinyNetwork.Huge();

        Assert.Equal(FaultCodes.InferenceOutOfMemory, LoadedModel.Load(TinyNetwork.Manifest(network), network, OneThread).Fault?.Code);
    }

    [Fact]
    public void An_image_without_tissue_is_refused_and_not_reported_as_free_of_hemorrhage()
    {
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(60));
        var air = new Volumes.CtVolume(Stacks.Axial(32, 32, 3), [.. Enumerable.Repeat((short)-1000, 32 * 32 * 3)]);

        Assert.Equal(FaultCodes.SeriesNoneEligible, Segmenter.Run(model, air, null, CancellationToken.None).Fault?.Code);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda)]
    [InlineData(ExecutionProvider.TensorRt)]
    public void A_provider_that_was_asked_for_and_is_not_there_is_a_fault(ExecutionProvider provider)
    {
        var options = new EngineOptions { Threads = 1, Provider = provider };
        var network = TinyNetwork.IchFrom(60);

        var outcome = LoadedModel.Load(TinyNetwork.Manifest(network), network, options);
        Assert.SkipWhen(outcome.Fault is null, $"{provider} works on this machine");

        Assert.Equal(FaultCodes.DependencyUnavailable, outcome.Fault?.Code);
    }

    [Theory]
    [InlineData(ExecutionProvider.Auto)]
    [InlineData(ExecutionProvider.Cpu)]
    public void The_engine_says_which_provider_and_version_run(ExecutionProvider provider)
    {
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(60), options: new EngineOptions { Threads = 1, Provider = provider });

        Assert.Matches(@"^1\.\d+\.\d+$", model.Engine.Version);
        Assert.SkipWhen(model.Engine.Provider == "cuda", "auto found a GPU");
        Assert.Equal("cpu", model.Engine.Provider);
    }
}
