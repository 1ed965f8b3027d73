using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace HemoApi.Imaging.Inference;

/// <summary>A model whose hash and shapes were checked, ready to run. One a process; several threads may run it.</summary>
public sealed class LoadedModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    private LoadedModel(ModelManifest manifest, EngineOptions options, OpenedSession opened)
    {
        Manifest = manifest;
        Options = options;
        _session = opened.Session;
        Engine = opened.Engine;
        Warnings = opened.Warnings;
    }

    public ModelManifest Manifest { get; }

    public EngineInfo Engine { get; }

    public EngineOptions Options { get; }

    /// <summary>About the engine; they belong to every result.</summary>
    public IReadOnlyList<ResultWarning> Warnings { get; }

    /// <summary>Checks the hash, opens a session and warms it up with one empty frame.</summary>
    /// <returns>The model; <c>model.integrity</c> where network and manifest do not belong together; <c>dependency.unavailable</c>
    /// where the named provider is not there; <c>inference.*</c> where the warm-up fails.</returns>
    public static Outcome<LoadedModel> Load(ModelManifest manifest, byte[] onnx, EngineOptions options)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(onnx)) != manifest.Sha256)
        {
            return Mismatch(manifest, "the network's SHA-256 is not the manifest's");
        }

        if (!SessionFactory.Open(onnx, manifest.Id, options).TryGet(out var opened, out var fault))
        {
            return fault;
        }

        var model = new LoadedModel(manifest, options, opened);
        fault = model.CheckShapes() ?? model.WarmUp();
        if (fault is not null)
        {
            model.Dispose();
            return fault;
        }

        return model;
    }

    /// <summary>Runs the network.</summary>
    /// <param name="input">Normalised input, slices × height × width; may be longer.</param>
    /// <returns>Probabilities, or <c>inference.out_of_memory</c>, <c>inference.invalid_output</c>.</returns>
    internal Outcome<Probabilities> Run(float[] input, int slices, int height, int width)
    {
        var size = slices * height * width;
        using var tensor = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, input.AsMemory(0, size), [slices, 1, height, width]);
        IDisposableReadOnlyCollection<OrtValue> values;
        try
        {
            values = _session.Run(_runOptions, [Manifest.Input.Name], [tensor], [Manifest.Output.Name]);
        }
        catch (OnnxRuntimeException e) when (IsOutOfMemory(e))
        {
            return new Fault(
                FaultCodes.InferenceOutOfMemory,
                $"The network ran out of memory on {slices} slices of {height}×{width} pixels.",
                "Run fewer jobs at a time or give the service more memory.");
        }

        var probabilities = new Probabilities(values, slices, Manifest.Output.Classes.Count, height, width);
        if (probabilities.Problem() is not { } problem)
        {
            return probabilities;
        }

        probabilities.Dispose();
        return new Fault(FaultCodes.InferenceInvalidOutput, $"Model {Manifest.Id} gave {problem}.", "Use another model, and report this one to its maker.");
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    /// <summary>ONNX Runtime has no code of its own for this; these are the words of its arena, of the C++ library and of CUDA.</summary>
    private static bool IsOutOfMemory(OnnxRuntimeException e) =>
        new[] { "allocate memory", "bad_alloc", "out of memory" }.Any(words => e.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    private Fault? CheckShapes()
    {
        if (!_session.InputMetadata.TryGetValue(Manifest.Input.Name, out var input) || _session.InputMetadata.Count != 1)
        {
            return Mismatch(Manifest, "the network's only input is not the one that the manifest names");
        }

        if (!_session.OutputMetadata.TryGetValue(Manifest.Output.Name, out var output))
        {
            return Mismatch(Manifest, "the network has no output of the manifest's name");
        }

        if (input.ElementDataType != TensorElementType.Float || output.ElementDataType != TensorElementType.Float)
        {
            return Mismatch(Manifest, "the network does not work on float32");
        }

        return input.Dimensions is [-1, 1, -1, -1]
            ? null
            : Mismatch(Manifest, "the network's input is not [slices, 1, height, width] with only the 1 fixed");
    }

    private Fault? WarmUp()
    {
        var side = Manifest.Input.FullSize;
        var outcome = Run(new float[side * side], 1, side, side);
        if (outcome.TryGet(out var probabilities, out var fault))
        {
            probabilities.Dispose();
        }

        return fault;
    }

    private static Fault Mismatch(ModelManifest manifest, string problem) =>
        new(FaultCodes.ModelIntegrity, $"Model {manifest.Id}: {problem}.", "Install network and manifest from the same release.");
}
