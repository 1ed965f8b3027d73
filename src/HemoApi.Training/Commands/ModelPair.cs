using HemoApi.Imaging.Inference;

namespace HemoApi.Training.Commands;

/// <summary>A manifest and the network beside it.</summary>
internal static class ModelPair
{
    public static (ModelManifest Manifest, byte[] Onnx) Read(string manifestFile) => (
        ManifestReader.Read(File.ReadAllBytes(manifestFile), Path.GetFileName(manifestFile)).Value,
        File.ReadAllBytes(Path.ChangeExtension(manifestFile, ".onnx")));
}
