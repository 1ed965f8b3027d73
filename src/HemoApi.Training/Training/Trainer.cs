using System.Diagnostics;
using HemoApi.Training.Export;
using HemoApi.Training.Networks;
using static TorchSharp.torch;

namespace HemoApi.Training;

/// <summary>What one step did.</summary>
/// <param name="Step">Steps done, over all phases, this one included.</param>
/// <param name="GradientNorm">Before clipping.</param>
public sealed record StepReport(long Step, double LearningRate, LossTerms Loss, double GradientNorm);

/// <summary>Trains the network of a checkpoint folder until its phase ends, or until cancelled; either way the folder holds the last step.</summary>
public sealed class Trainer(TrainerOptions options, SampleSource source, TextWriter log)
{
    private readonly CheckpointFolder _checkpoints = new(options.Folder);
    private readonly TrainingSchedule _schedule = new(options.Steps, options.Budget, options.LearningRate, options.WarmupSteps);

    /// <param name="onStep">Called after each step.</param>
    /// <exception cref="InvalidDataException">The initial model is not one of this network.</exception>
    /// <exception cref="InvalidOperationException">The loss is not finite, or the source failed. The last checkpoint stays.</exception>
    public TrainingState Run(Action<StepReport>? onStep, CancellationToken cancellation)
    {
        options.Validate();
        using var network = new DenseUNet(options.Seed) { BFloat16Maps = options.BFloat16 };
        using var average = new WeightAverage(network, new DenseUNet(options.Seed), options.AverageDecay);
        using var optimizer = new AdamW(network.parameters(), options.WeightDecay);
        var saved = _checkpoints.Load(network, average.Network, optimizer);
        if (saved is null && options.InitialModel is { } file)
        {
            var onnx = File.ReadAllBytes(file);
            OnnxWeights.Load(onnx, network);
            OnnxWeights.Load(onnx, average.Network);
        }

        var start = Continue(saved);
        network.train();
        log.WriteLine($"phase {start.Phase}, from step {start.Step}: {options.Batch} × {options.Size}×{options.Size}");

        var validation = new Validation(source, options.ValidationSamples, options.Size);
        using var batches = new BatchQueue(source, options.Size, options.Batch, start.NextSeed);
        var curves = new ProgressFile(options.Folder, start.Step);
        var progress = new ProgressLog(log, curves, options.Batch, _schedule);
        var state = start;
        var clock = Stopwatch.StartNew();
        var (lastSave, lastValidation) = (TimeSpan.Zero, TimeSpan.Zero);
        while (_schedule.Progress(state.PhaseStep, TimeSpan.FromSeconds(state.PhaseSeconds)) < 1 && !cancellation.IsCancellationRequested)
        {
            var waiting = Stopwatch.GetTimestamp();
            var batch = batches.Take(CancellationToken.None);
            var waited = Stopwatch.GetElapsedTime(waiting);

            var rate = _schedule.LearningRate(state.PhaseStep, TimeSpan.FromSeconds(state.PhaseSeconds));
            var report = Step(network, optimizer, batch, rate, state.Step + 1);
            average.Update(state.Step);
            state = state with
            {
                Step = state.Step + 1,
                PhaseStep = state.PhaseStep + 1,
                PhaseSeconds = start.PhaseSeconds + clock.Elapsed.TotalSeconds,
                TotalSeconds = start.TotalSeconds + clock.Elapsed.TotalSeconds,
                NextSeed = batch.NextSeed,
            };
            progress.Add(report, state, waited);
            onStep?.Invoke(report);

            if (clock.Elapsed - lastValidation > options.ValidateEvery)
            {
                Validate(validation, average.Network, state, curves);
                lastValidation = clock.Elapsed;
            }

            if (clock.Elapsed - lastSave > options.CheckpointEvery)
            {
                _checkpoints.Save(state, network, average.Network, optimizer);
                lastSave = clock.Elapsed;
            }
        }

        _checkpoints.Save(state, network, average.Network, optimizer);
        if (!cancellation.IsCancellationRequested)
        {
            Validate(validation, average.Network, state, curves);
        }

        log.WriteLine($"stopped at step {state.Step}");
        return state;
    }

    private TrainingState Continue(TrainingState? saved) => saved switch
    {
        null => new TrainingState(0, options.Phase, 0, 0, 0, options.FirstSample),
        _ when saved.Phase == options.Phase => saved,
        _ => saved with { Phase = options.Phase, PhaseStep = 0, PhaseSeconds = 0 },
    };

    private StepReport Step(DenseUNet network, AdamW optimizer, SampleBatch batch, double rate, long step)
    {
        using var scope = NewDisposeScope();
        var images = tensor(batch.Images, [batch.Count, 1, batch.Size, batch.Size]);
        var targets = tensor(batch.Targets, [batch.Count, DenseUNet.Classes, batch.Size, batch.Size]);
        optimizer.ForgetGradients();
        var (loss, terms) = SegmentationLoss.Compute(network.call(images), targets, options.RecallWeight);
        if (!float.IsFinite(terms.Total))
        {
            throw new InvalidOperationException(
                $"the loss of step {step} is not finite; start again from the last checkpoint with a lower learning rate");
        }

        loss.backward();
        var norm = nn.utils.clip_grad_norm_(network.parameters(), options.GradientNormLimit);
        optimizer.Step(rate);
        return new StepReport(step, rate, terms, norm);
    }

    private void Validate(Validation validation, DenseUNet network, TrainingState state, ProgressFile curves)
    {
        if (options.ValidationSamples > 0)
        {
            var score = validation.Score(network);
            curves.Add(new(state.Step, state.Phase, state.TotalSeconds, null, null, score));
            log.WriteLine($"validation at step {state.Step}: {score}");
        }
    }
}
