using System.Diagnostics;
using HemoApi.Imaging.Inference;

namespace HemoApi.Imaging;

/// <summary>Times the stages of one run and turns the progress of each into the progress of the job.</summary>
internal sealed class PipelineClock(Action<PipelineProgress>? progress)
{
    /// <summary>Where each stage ends, as a share of a job; about its share of the time on a CPU.</summary>
    private static readonly Dictionary<string, (double Start, double End)> Shares = new()
    {
        [Stages.Read] = (0, 0.03),
        [Stages.Decode] = (0.03, 0.08),
        [Stages.Network] = (0.08, 0.90),
        [Stages.Postprocess] = (0.90, 0.91),
        [Stages.Quantify] = (0.91, 0.92),
    };

    private readonly Dictionary<string, double> _seconds = [];

    public IReadOnlyDictionary<string, double> StageSeconds => _seconds;

    /// <summary>Runs a stage; it reports its own progress from 0 to 1 through the action that it gets.</summary>
    public T Time<T>(string stage, Func<Action<double>, T> step)
    {
        Report(stage, 0);
        using var span = PipelineTrace.Source.StartActivity(stage);
        var started = Stopwatch.GetTimestamp();
        var result = step(share => Report(stage, share));
        Add(stage, Stopwatch.GetElapsedTime(started));
        return result;
    }

    /// <summary>Batches are sampled and labelled between runs of the network: gives their times to the stages that they belong to.</summary>
    public void Split(Segmentation segmentation)
    {
        _seconds[Stages.Preprocess] = segmentation.Preprocessing.TotalSeconds;
        _seconds[Stages.Network] = segmentation.Network.TotalSeconds;
        Add(Stages.Postprocess, segmentation.Postprocessing);
    }

    private void Add(string stage, TimeSpan time) => _seconds[stage] = _seconds.GetValueOrDefault(stage) + time.TotalSeconds;

    private void Report(string stage, double share)
    {
        var (start, end) = Shares[stage];
        progress?.Invoke(new PipelineProgress(stage, start + (share * (end - start))));
    }
}
