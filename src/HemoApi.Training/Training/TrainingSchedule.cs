namespace HemoApi.Training;

/// <summary>How far a phase is, and its learning rate: linear warm-up, then a half cosine down to 1 % of the base rate.</summary>
/// <remarks>The length of a phase is a number of steps or a time spent in training, pauses not counted.</remarks>
public sealed class TrainingSchedule
{
    private const double FinalShare = 0.01;
    private readonly long? _steps;
    private readonly TimeSpan? _budget;
    private readonly double _baseRate;
    private readonly int _warmupSteps;

    /// <exception cref="ArgumentException">Not exactly one of steps and budget, or a value that is not positive.</exception>
    public TrainingSchedule(long? steps, TimeSpan? budget, double baseRate, int warmupSteps)
    {
        if ((steps is null) == (budget is null))
        {
            throw new ArgumentException("a phase has either a number of steps or a time budget");
        }

        if (steps <= 0 || budget <= TimeSpan.Zero || !(baseRate > 0) || warmupSteps < 0)
        {
            throw new ArgumentException("steps, budget and learning rate must be positive");
        }

        (_steps, _budget, _baseRate, _warmupSteps) = (steps, budget, baseRate, warmupSteps);
    }

    /// <summary>0 at the start of the phase, 1 or more at its end.</summary>
    public double Progress(long phaseStep, TimeSpan phaseElapsed) =>
        _steps is { } steps ? (double)phaseStep / steps : phaseElapsed / _budget!.Value;

    /// <summary>Time to the end of the phase, at the pace so far where its length is a number of steps; null before the first step of such a phase.</summary>
    public TimeSpan? Left(long phaseStep, TimeSpan phaseElapsed)
    {
        var left = _budget - phaseElapsed ?? (phaseStep > 0 ? phaseElapsed / phaseStep * (_steps!.Value - phaseStep) : null);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    /// <param name="phaseStep">Steps done in this phase.</param>
    public double LearningRate(long phaseStep, TimeSpan phaseElapsed)
    {
        var cosine = 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, Progress(phaseStep, phaseElapsed))));
        var warmup = Math.Min(1, (phaseStep + 1.0) / (_warmupSteps + 1));
        return _baseRate * warmup * ((cosine * (1 - FinalShare)) + FinalShare);
    }
}
