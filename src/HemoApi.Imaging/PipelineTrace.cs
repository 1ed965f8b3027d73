using System.Diagnostics;

namespace HemoApi.Imaging;

/// <summary>A span for each stage of a run, named as the stage, for whoever listens.</summary>
public static class PipelineTrace
{
    public static ActivitySource Source { get; } = new("HemoApi.Imaging");
}
