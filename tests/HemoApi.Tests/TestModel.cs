using System.Text.Json;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Tests.Inference;

namespace HemoApi.Tests;

/// <summary>A model in a folder, as a hospital would put it there: ICH wherever a voxel is over a threshold.</summary>
internal static class TestModel
{
    public const string Id = "tiny";
    private const double BloodFromHu = 60.5;

    /// <summary>Instant.</summary>
    public static byte[] Fast() => TinyNetwork.IchFrom(BloodFromHu);

    /// <summary>The same answers by a convolution of <paramref name="kernel"/>² weights that are all zero but the middle one: as
    /// slow as the kernel is large.</summary>
    public static byte[] Slow(int kernel)
    {
        var (weight, bias) = TinyNetwork.Step(BloodFromHu, 1);
        var weights = new float[3 * kernel * kernel];
        weights[kernel * kernel / 2] = weight;
        return TinyNetwork.Convolution(kernel, weights, [bias, TinyNetwork.Never.Bias, TinyNetwork.Never.Bias]);
    }

    /// <returns>The folder.</returns>
    public static string Write(string dataFolder, byte[] network, string id = Id)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "models")).FullName;
        var manifest = TinyNetwork.Manifest(network);
        manifest = manifest with { Id = id, Input = manifest.Input with { FullSize = 128, SizeMultiple = 16 } };
        File.WriteAllBytes(Path.Combine(folder, $"{id}.onnx"), network);
        File.WriteAllText(Path.Combine(folder, $"{id}.json"), JsonSerializer.Serialize(manifest, ModelManifest.JsonOptions));
        return folder;
    }
}
