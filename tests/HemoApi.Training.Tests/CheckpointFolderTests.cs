using HemoApi.Training.Networks;

namespace HemoApi.Training.Tests;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-checkpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_checkpoint_cut_off_while_written_is_passed_over()
    {
        var checkpoints = new CheckpointFolder(_folder);
        using var network = new DenseUNet(1);
        using var optimizer = new AdamW(network.parameters(), weightDecay: 0);
        checkpoints.Save(State(7), network, network, optimizer);
        // What a killed process leaves: the folder under its temporary name, with a file cut in half.
        var cutOff = Directory.CreateDirectory(Path.Combine(_folder, ".writing")).FullName;
        File.WriteAllBytes(Path.Combine(cutOff, "weights.bin"), File.ReadAllBytes(Path.Combine(_folder, "step-00000007", "weights.bin"))[..1000]);

        using var other = new DenseUNet(2);
        Assert.Equal(State(7), checkpoints.LoadAverage(other));
        Assert.True(network.Head.weight!.allclose(other.Head.weight!));

        checkpoints.Save(State(8), network, network, optimizer);
        Assert.Equal(State(8), checkpoints.LoadAverage(other));
    }

    [Fact]
    public void Only_the_last_two_checkpoints_stay()
    {
        var checkpoints = new CheckpointFolder(_folder);
        using var network = new DenseUNet(1);
        using var optimizer = new AdamW(network.parameters(), weightDecay: 0);
        foreach (var step in new[] { 9, 10, 100 })
        {
            checkpoints.Save(State(step), network, network, optimizer);
        }

        Assert.Equal(["step-00000010", "step-00000100"], Directory.GetDirectories(_folder).Select(Path.GetFileName).Order());
    }

    private static TrainingState State(long step) => new(step, "main", step, 1, 2, 1_000_010);
}
