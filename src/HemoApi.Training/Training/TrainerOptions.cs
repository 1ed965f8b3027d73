namespace HemoApi.Training;

/// <summary>One phase of training. A phase continues where its checkpoint stands; another name starts the schedule anew on the
/// weights so far, with whatever size and batch it likes.</summary>
public sealed record TrainerOptions
{
    /// <summary>Folder of the checkpoints.</summary>
    public required string Folder { get; init; }

    /// <summary>Path of an exported model whose weights come first, where <see cref="Folder"/> holds no checkpoint; null for random ones.</summary>
    public string? InitialModel { get; init; }

    /// <summary>Seed of the first sample, where <see cref="Folder"/> holds no checkpoint: training that goes on from an exported model need not draw again what that one has seen.</summary>
    public ulong FirstSample { get; init; } = TrainingSeeds.TrainingStart;

    public string Phase { get; init; } = "main";

    /// <summary>Side of the square samples, pixels.</summary>
    public int Size { get; init; } = 256;

    public int Batch { get; init; } = 6;

    /// <summary>Length of the phase in steps; exclusive with <see cref="Budget"/>.</summary>
    public long? Steps { get; init; }

    /// <summary>Length of the phase in training time over all its runs.</summary>
    public TimeSpan? Budget { get; init; }

    public double LearningRate { get; init; } = 1.5e-3;

    public int WarmupSteps { get; init; } = 100;

    public double WeightDecay { get; init; } = 1e-2;

    public double GradientNormLimit { get; init; } = 1;

    /// <summary>What missed blood costs in the Dice terms of the loss, against false blood; 0.5 for the same.</summary>
    public double RecallWeight { get; init; } = 0.5;

    /// <summary>Computes in bfloat16 where that does no harm, see <see cref="Networks.DenseUNet.BFloat16Maps"/>.</summary>
    public bool BFloat16 { get; init; }

    /// <summary>Decay of the exponential moving average of the weights, which is what gets validated and exported.</summary>
    public double AverageDecay { get; init; } = 0.998;

    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan ValidateEvery { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Held-out samples of each validation, seeds 1 to this.</summary>
    public int ValidationSamples { get; init; } = 48;

    /// <summary>Of the initial weights.</summary>
    public long Seed { get; init; } = 1;

    /// <exception cref="ArgumentException">A value that no training can run with.</exception>
    public void Validate()
    {
        if (Size <= 0 || Size % Networks.DenseUNet.SizeMultiple != 0)
        {
            throw new ArgumentException($"the size must be a multiple of {Networks.DenseUNet.SizeMultiple}, not {Size}");
        }

        if (FirstSample < TrainingSeeds.TrainingStart)
        {
            throw new ArgumentException($"training draws its samples from seeds of {TrainingSeeds.TrainingStart} and more");
        }

        if (Batch < 2)
        {
            throw new ArgumentException("a batch has at least 2 samples: batch norms need them");
        }

        if (RecallWeight is not (> 0 and < 1))
        {
            throw new ArgumentException("the recall weight lies between 0 and 1");
        }

        if (ValidationSamples is < 0 or >= (int)TrainingSeeds.ValidationEnd)
        {
            throw new ArgumentException($"validation has at most {TrainingSeeds.ValidationEnd - 1} samples");
        }
    }
}

/// <summary>Which seeds are for what: none that is trained on is ever measured on.</summary>
public static class TrainingSeeds
{
    public const ulong ValidationStart = 1;
    public const ulong ValidationEnd = 400;
    public const ulong ThresholdFitStart = 400;
    public const ulong EvaluationStart = 500;

    /// <summary>Up to where a cohort of phantoms may reach, see <see cref="Evaluation.PhantomStudies"/>.</summary>
    public const ulong EvaluationEnd = 10_000;
    public const ulong TemperatureFitStart = 10_000;
    public const ulong QuantisationStart = 15_000;

    /// <summary>Of <see cref="Evaluation.FindingStudies"/>.</summary>
    public const ulong FindingFitStart = 31_000;

    public const ulong TrainingStart = 1_000_000;
}
