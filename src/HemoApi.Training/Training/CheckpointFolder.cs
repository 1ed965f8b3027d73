using System.Globalization;
using System.Text.Json;
using HemoApi.Training.Networks;

namespace HemoApi.Training;

/// <summary>Where a training stands, apart from its weights.</summary>
/// <param name="Step">Steps over all phases.</param>
/// <param name="PhaseSeconds">Training time in this phase over all its runs.</param>
/// <param name="NextSeed">Every random draw after the initial weights derives from seeds, so this is all the generator's state.</param>
public sealed record TrainingState(long Step, string Phase, long PhaseStep, double PhaseSeconds, double TotalSeconds, ulong NextSeed);

/// <summary>Checkpoints as folders <c>step-…</c>, each complete or absent: written under another name, then renamed. The last two stay.</summary>
internal sealed class CheckpointFolder(string root)
{
    private const string Prefix = "step-";
    private const string WeightsFile = "weights.bin";
    private const string AverageFile = "average.bin";
    private const string OptimizerFile = "optimizer.bin";
    private const string StateFile = "state.json";
    private const int Kept = 2;

    public void Save(TrainingState state, DenseUNet network, DenseUNet average, AdamW optimizer)
    {
        var temporary = Path.Combine(root, ".writing");
        DeleteIfThere(temporary);
        Directory.CreateDirectory(temporary);
        network.save(Path.Combine(temporary, WeightsFile));
        average.save(Path.Combine(temporary, AverageFile));
        optimizer.save(Path.Combine(temporary, OptimizerFile));
        File.WriteAllBytes(Path.Combine(temporary, StateFile), JsonSerializer.SerializeToUtf8Bytes(state));

        var target = Path.Combine(root, Prefix + state.Step.ToString("D8", CultureInfo.InvariantCulture));
        DeleteIfThere(target);
        Directory.Move(temporary, target);
        foreach (var old in Complete().SkipLast(Kept))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Loads the newest checkpoint into the three; null and nothing touched where there is none.</summary>
    public TrainingState? Load(DenseUNet network, DenseUNet average, AdamW optimizer)
    {
        if (Complete().LastOrDefault() is not { } folder)
        {
            return null;
        }

        network.load(Path.Combine(folder, WeightsFile));
        average.load(Path.Combine(folder, AverageFile));
        optimizer.load(Path.Combine(folder, OptimizerFile));
        return ReadState(folder);
    }

    /// <summary>Loads the newest averaged weights, those to export; null where there is no checkpoint.</summary>
    public TrainingState? LoadAverage(DenseUNet network)
    {
        if (Complete().LastOrDefault() is not { } folder)
        {
            return null;
        }

        network.load(Path.Combine(folder, AverageFile));
        return ReadState(folder);
    }

    private static TrainingState ReadState(string folder) =>
        JsonSerializer.Deserialize<TrainingState>(File.ReadAllBytes(Path.Combine(folder, StateFile)))
        ?? throw new InvalidDataException($"{folder} holds no state");

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private IEnumerable<string> Complete() => Directory.Exists(root)
        ? Directory.GetDirectories(root, Prefix + "*").Order(StringComparer.Ordinal)
        : [];
}
