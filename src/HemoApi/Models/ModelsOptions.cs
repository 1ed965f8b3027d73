using System.ComponentModel.DataAnnotations;
using HemoApi.Imaging.Inference;

namespace HemoApi.Models;

/// <summary>Section <c>Models</c>: which models are offered and what runs them.</summary>
public sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>Folders with pairs of .onnx and .json; the first model found is the default. Relative paths start at the program's
    /// folder. Default: <c>models</c>.</summary>
    public string[] Folders { get; set; } = [];

    /// <summary>Id of a second model that measures finished studies once more, beside the answer: nothing of it reaches the study's
    /// results. Default: none.</summary>
    public string? Shadow { get; set; }

    /// <summary>The share of finished studies that the shadow model measures, 0 to 1. Default: 1.</summary>
    [Range(0.0, 1.0)]
    public double ShadowShare { get; set; } = 1;

    /// <summary><c>auto</c> (default), <c>cpu</c>, <c>cuda</c> or <c>tensorrt</c>.</summary>
    public ExecutionProvider Provider { get; set; } = ExecutionProvider.Auto;
}
