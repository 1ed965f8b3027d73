using HemoApi.Imaging;
using HemoApi.Imaging.Inference;

namespace HemoApi.Models;

/// <param name="IsDefault">Used where a request names no model.</param>
/// <param name="Manifest">What ships beside the network, with its SHA-256 and model card.</param>
/// <param name="Engine">What runs it in this process.</param>
/// <param name="Warnings">About the engine; they are in every result too.</param>
public sealed record ModelDocument(string Id, bool IsDefault, ModelManifest Manifest, EngineInfo Engine, IReadOnlyList<ResultWarning> Warnings)
{
    public static ModelDocument Of(LoadedModel model, ModelRegistry registry) =>
        new(model.Manifest.Id, model == registry.Models[0], model.Manifest, model.Engine, model.Warnings);
}

public sealed record ModelList(IReadOnlyList<ModelDocument> Items);
