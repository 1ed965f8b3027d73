using HemoApi.Imaging;
using HemoApi.Imaging.Inference;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace HemoApi.Models;

/// <summary>Holds the models, loaded once at start. A service without a sound model does not start.</summary>
public sealed class ModelHost(IOptions<ModelsOptions> options) : IDisposable
{
    private ModelRegistry? _registry;

    public bool IsLoaded => _registry is not null;

    /// <exception cref="InvalidOperationException">Not loaded yet.</exception>
    public ModelRegistry Registry => _registry ?? throw new InvalidOperationException("the models are not loaded");

    /// <returns>Why the service can't start, or null.</returns>
    public Fault? Load()
    {
        var folders = options.Value.Folders is [] ? ["models"] : options.Value.Folders;
        var engine = new EngineOptions { Provider = options.Value.Provider };
        var loaded = ModelRegistry.Load([.. folders.Select(f => Path.Combine(AppContext.BaseDirectory, f))], engine);
        _registry = loaded.TryGet(out var registry, out var fault) ? registry : null;
        return fault ?? (options.Value.Shadow is { Length: > 0 } shadow && _registry!.Find(shadow) is null ? ModelFaults.NoShadow(shadow) : null);
    }

    public void Dispose() => _registry?.Dispose();
}

public sealed class ModelCheck(ModelHost models) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(models.IsLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
