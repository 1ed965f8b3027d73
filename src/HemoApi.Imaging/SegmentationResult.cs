using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging;

/// <summary>Everything a finished segmentation knows, in the original geometry of the series.</summary>
public sealed record SegmentationResult(
    SeriesPlan Series,
    CtVolume Image,
    LabelVolume Mask,
    Quantities Quantities,
    ModelManifest Model,
    EngineInfo Engine,
    IReadOnlyList<ResultWarning> Warnings,
    IReadOnlyDictionary<string, double> StageSeconds);

/// <param name="Provider">The execution provider that ran: cpu, cuda or tensorrt.</param>
/// <param name="Version">The version of ONNX Runtime.</param>
public sealed record EngineInfo(string Provider, string Version);

/// <summary>The steps of a job in their order, as callers see them.</summary>
public static class Stages
{
    public const string Read = "read";
    public const string Decode = "decode";
    public const string Preprocess = "preprocess";
    public const string Network = "network";
    public const string Postprocess = "postprocess";
    public const string Quantify = "quantify";
    public const string Export = "export";
    public const string Store = "store";
}

/// <param name="Stage">One of <see cref="Stages"/>.</param>
/// <param name="Fraction">Of the whole job, 0 to 1; never decreases within a run.</param>
public readonly record struct PipelineProgress(string Stage, double Fraction);
