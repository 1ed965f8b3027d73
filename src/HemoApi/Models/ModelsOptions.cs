using HemoApi.Imaging.Inference;

namespace HemoApi.Models;

/// <summary>Section <c>Models</c>: which models are offered and what runs them.</summary>
public sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>Folders with pairs of .onnx and .json; the first model found is the default. Relative paths start at the program's
    /// folder. Default: <c>models</c>.</summary>
    public string[] Folders { get; set; } = [];

    /// <summary><c>auto</c> (default), <c>cpu</c>, <c>cuda</c> or <c>tensorrt</c>.</summary>
    public ExecutionProvider Provider { get; set; } = ExecutionProvider.Auto;
}
