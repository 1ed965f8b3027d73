namespace HemoApi.Imaging.Inference;

/// <summary>What runs the network.</summary>
public enum ExecutionProvider
{
    /// <summary>CUDA where this build of ONNX Runtime has it and it starts, else the CPU with a warning. Never TensorRT: building its
    /// engines takes minutes, which only someone who asked for it will wait.</summary>
    Auto,
    Cpu,
    Cuda,
    TensorRt,
}

/// <summary>How the network is run.</summary>
public sealed record EngineOptions
{
    /// <summary>A provider named here and not there is a fault at start, never a silent replacement.</summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Auto;

    /// <summary>Threads of the CPU provider; by default one a processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int Threads { get; init => field = RequirePositive(value); } = Environment.ProcessorCount;

    /// <summary>Slices that the network sees in one call.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int SlicesPerBatch { get; init => field = RequirePositive(value); } = 2;

    private static int RequirePositive(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
