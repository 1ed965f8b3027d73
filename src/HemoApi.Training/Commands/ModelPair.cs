using System.Security.Cryptography;
using HemoApi.Imaging;
using HemoApi.Imaging.Inference;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Commands;

/// <summary>A manifest and the network beside it.</summary>
internal static class ModelPair
{
    /// <exception cref="InvalidDataException">The manifest is none.</exception>
    public static (ModelManifest Manifest, byte[] Onnx) Read(string manifestFile) => (
        OrThrow(ManifestReader.Read(File.ReadAllBytes(manifestFile), Path.GetFileName(manifestFile))),
        File.ReadAllBytes(Path.ChangeExtension(manifestFile, ".onnx")));

    /// <exception cref="InvalidDataException">The network is not the manifest's, or none that it describes.</exception>
    public static LoadedModel Load(ModelManifest manifest, byte[] onnx, EngineOptions options) => OrThrow(LoadedModel.Load(manifest, onnx, options));

    /// <summary>Writes both files of a pair, <c>&lt;id&gt;.onnx</c> and <c>&lt;id&gt;.json</c>.</summary>
    /// <returns>The manifest with the hash of the network.</returns>
    public static ModelManifest Write(string folder, ModelManifest manifest, byte[] onnx)
    {
        var own = manifest with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx)) };
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{own.Id}.onnx"), onnx);
        CardFigures.Write(Path.Combine(folder, $"{own.Id}.json"), own);
        return own;
    }

    private static T OrThrow<T>(Outcome<T> outcome)
        where T : notnull =>
        outcome.TryGet(out var value, out var fault) ? value : throw new InvalidDataException($"{fault.Detail} {fault.Remedy}");
}
