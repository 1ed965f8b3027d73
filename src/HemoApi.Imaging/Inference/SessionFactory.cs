using Microsoft.ML.OnnxRuntime;

namespace HemoApi.Imaging.Inference;

/// <param name="Warnings">What did not start and was replaced.</param>
internal sealed record OpenedSession(InferenceSession Session, EngineInfo Engine, IReadOnlyList<ResultWarning> Warnings);

/// <summary>Opens ONNX Runtime sessions on the provider that was asked for.</summary>
internal static class SessionFactory
{
    private const string Remedy = "Choose the provider auto or cpu, or install the GPU build with its CUDA libraries.";

    /// <returns>The session; <c>dependency.unavailable</c> where the provider is named and not there; <c>model.integrity</c> where
    /// ONNX Runtime can't load the network.</returns>
    public static Outcome<OpenedSession> Open(byte[] onnx, string modelId, EngineOptions options)
    {
        var requested = options.Provider == ExecutionProvider.Auto
            ? IsInBuild(ExecutionProvider.Cuda) ? ExecutionProvider.Cuda : ExecutionProvider.Cpu
            : options.Provider;
        var warnings = new List<ResultWarning>();
        if (requested != ExecutionProvider.Cpu)
        {
            if (IsInBuild(requested) && TryOpen(onnx, requested, options) is { } accelerated)
            {
                return Opened(accelerated, requested, warnings);
            }

            if (options.Provider != ExecutionProvider.Auto)
            {
                return new Fault(
                    FaultCodes.DependencyUnavailable,
                    $"The execution provider {Name(requested)} {(IsInBuild(requested) ? "did not start" : "is not part of this build")}.",
                    Remedy);
            }

            warnings.Add(new ResultWarning(WarningCodes.ProviderFallback, $"The execution provider {Name(requested)} did not start; the CPU ran the network."));
        }

        return TryOpen(onnx, ExecutionProvider.Cpu, options) is { } session
            ? Opened(session, ExecutionProvider.Cpu, warnings)
            : new Fault(FaultCodes.ModelIntegrity, $"ONNX Runtime can't load the network of model {modelId}.", "Export the model again.");
    }

    private static OpenedSession Opened(InferenceSession session, ExecutionProvider provider, List<ResultWarning> warnings) =>
        new(session, new EngineInfo(Name(provider), OrtEnv.Instance().GetVersionString()), warnings);

    /// <summary>Null where ONNX Runtime refuses: a provider that does not start, or a network that it can't read.</summary>
    private static InferenceSession? TryOpen(byte[] onnx, ExecutionProvider provider, EngineOptions options)
    {
        try
        {
            using var settings = new SessionOptions
            {
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                EnableCpuMemArena = true,
                EnableMemoryPattern = true,
                // ONNX Runtime's own default counts the host's cores and not those that a container may use.
                IntraOpNumThreads = options.Threads,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            if (provider == ExecutionProvider.TensorRt)
            {
                using var tensorRt = new OrtTensorRTProviderOptions();
                settings.AppendExecutionProvider_Tensorrt(tensorRt);
            }

            if (provider is ExecutionProvider.TensorRt or ExecutionProvider.Cuda)
            {
                using var cuda = new OrtCUDAProviderOptions();
                settings.AppendExecutionProvider_CUDA(cuda);
            }

            return new InferenceSession(onnx, settings);
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }

    private static bool IsInBuild(ExecutionProvider provider) => OrtEnv.Instance().GetAvailableProviders().Contains(provider switch
    {
        ExecutionProvider.Cuda => "CUDAExecutionProvider",
        ExecutionProvider.TensorRt => "TensorrtExecutionProvider",
        _ => "CPUExecutionProvider",
    });

    private static string Name(ExecutionProvider provider) => provider.ToString().ToLowerInvariant();
}
