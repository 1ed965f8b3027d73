using HemoApi.Imaging.Inference;

namespace HemoApi.Training.Export;

/// <summary>The part of a manifest that a person writes: names, thresholds, and the model card.</summary>
internal sealed record ModelDescription(
    string Id,
    string Version,
    IReadOnlyList<float> Thresholds,
    double MinimumLesionVolumeMl,
    double MinimumMeanProbability,
    double MinimumSupport,
    bool ExtraAxialTypeByNeighbourhood,
    bool WithinSkullOnly,
    TrainingRange TrainingRange,
    ModelCard Card);
