namespace HemoApi.Imaging.Inference;

/// <summary>The models of a process, loaded once at start. A folder holds pairs of <c>NAME.onnx</c> and <c>NAME.json</c>.</summary>
public sealed class ModelRegistry : IDisposable
{
    private readonly List<LoadedModel> _models;

    private ModelRegistry(List<LoadedModel> models) => _models = models;

    /// <summary>In the order of the folders, then of the file names. The first is the default.</summary>
    public IReadOnlyList<LoadedModel> Models => _models;

    /// <summary>Loads every pair. One bad pair refuses all: a service that silently lacks a model would answer with another one.</summary>
    /// <returns>The registry, or the first fault; <c>model.integrity</c> too where a half of a pair, a folder or every model is missing,
    /// or an id is there twice.</returns>
    public static Outcome<ModelRegistry> Load(IReadOnlyList<string> folders, EngineOptions options)
    {
        var registry = new ModelRegistry([]);
        foreach (var folder in folders)
        {
            if (registry.Add(folder, options) is { } fault)
            {
                registry.Dispose();
                return fault;
            }
        }

        return registry._models.Count > 0
            ? registry
            : new Fault(FaultCodes.ModelIntegrity, "There is no model in the configured folders.", "Put a pair of .onnx and .json into one of them.");
    }

    /// <param name="id">Null for the default model.</param>
    public LoadedModel? Find(string? id) => id is null ? _models[0] : _models.Find(model => model.Manifest.Id == id);

    public void Dispose() => _models.ForEach(model => model.Dispose());

    private Fault? Add(string folder, EngineOptions options)
    {
        if (!Directory.Exists(folder))
        {
            return new Fault(FaultCodes.ModelIntegrity, "A configured model folder does not exist.", "Create it, or take it out of the configuration.");
        }

        var names = Directory.EnumerateFiles(folder)
            .Where(path => Path.GetExtension(path) is ".onnx" or ".json")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Distinct()
            .Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!LoadPair(Path.Combine(folder, name), name, options).TryGet(out var model, out var fault))
            {
                return fault;
            }

            if (_models.Exists(other => other.Manifest.Id == model.Manifest.Id))
            {
                model.Dispose();
                return new Fault(FaultCodes.ModelIntegrity, $"Two models have the id {model.Manifest.Id}.", "Remove one of them, or give it an id of its own.");
            }

            _models.Add(model);
        }

        return null;
    }

    private static Outcome<LoadedModel> LoadPair(string path, string name, EngineOptions options)
    {
        var (network, manifestFile) = ($"{path}.onnx", $"{path}.json");
        if (!File.Exists(network) || !File.Exists(manifestFile))
        {
            return new Fault(FaultCodes.ModelIntegrity, $"Model {name} lacks its {(File.Exists(network) ? "manifest" : "network")}.", "Install both files of the pair.");
        }

        return ManifestReader.Read(File.ReadAllBytes(manifestFile), $"{name}.json").TryGet(out var manifest, out var fault)
            ? LoadedModel.Load(manifest, File.ReadAllBytes(network), options)
            : fault;
    }
}
