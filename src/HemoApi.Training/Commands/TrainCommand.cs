using System.CommandLine;
using HemoApi.Training.Backgrounds;
using HemoApi.Training.Cases;

namespace HemoApi.Training.Commands;

/// <summary><c>train</c>: starts or continues a training.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var defaults = new TrainerOptions { Folder = "" };
        var folder = new Option<DirectoryInfo>("--checkpoints") { Description = "Folder of the checkpoints; continues from the newest.", Required = true };
        var from = new Option<FileInfo?>("--from") { Description = "A model of this network (.onnx) whose weights the training starts from, where the folder holds no checkpoint yet." };
        var firstSample = new Option<ulong>("--first-sample") { Description = "Seed of the first sample, where the folder holds no checkpoint yet: with --from, one that the model has not seen.", DefaultValueFactory = _ => defaults.FirstSample };
        var backgrounds = new Option<DirectoryInfo?>("--backgrounds") { Description = "Folder of head CTs without hemorrhage, each a zip or folder of DICOM files, a NIfTI image in HU, or an InVesalius project; hemorrhages are painted into them." };
        var share = new Option<double>("--background-share") { Description = "Share of the samples that are such heads; the rest are phantoms.", DefaultValueFactory = _ => 0.35 };
        var cases = new Option<DirectoryInfo?>("--cases") { Description = "Folder of labelled cases, as for evaluate --cases." };
        var caseShare = new Option<double>("--case-share") { Description = "Share of the samples that are slices of these cases.", DefaultValueFactory = _ => 0.5 };
        var phase = new Option<string>("--phase") { Description = "Name of this phase; a new name starts the schedule anew on the weights so far.", DefaultValueFactory = _ => defaults.Phase };
        var size = new Option<int>("--size") { Description = "Side of the samples in pixels, a multiple of 64.", DefaultValueFactory = _ => defaults.Size };
        var batch = new Option<int>("--batch") { Description = "Samples in a step.", DefaultValueFactory = _ => defaults.Batch };
        var steps = new Option<long?>("--steps") { Description = "Length of the phase in steps." };
        var minutes = new Option<double?>("--minutes") { Description = "Length of the phase in minutes of training, over all its runs." };
        var rate = new Option<double>("--learning-rate") { Description = "Base rate of AdamW.", DefaultValueFactory = _ => defaults.LearningRate };
        var recall = new Option<double>("--recall-weight") { Description = "What missed blood costs in the Dice terms of the loss, against false blood; over 0.5 finds more, and more that is not there.", DefaultValueFactory = _ => defaults.RecallWeight };
        var bfloat16 = new Option<bool>("--bfloat16") { Description = "Compute in bfloat16: about twice as fast on processors with AVX512-BF16 or AMX." };
        var warmup = new Option<int>("--warmup-steps") { Description = "Steps of linear warm-up.", DefaultValueFactory = _ => defaults.WarmupSteps };
        var checkpointEvery = new Option<double>("--checkpoint-minutes") { Description = "Time between checkpoints.", DefaultValueFactory = _ => defaults.CheckpointEvery.TotalMinutes };
        var validateEvery = new Option<double>("--validate-minutes") { Description = "Time between validations.", DefaultValueFactory = _ => defaults.ValidateEvery.TotalMinutes };
        var seed = new Option<long>("--seed") { Description = "Of the initial weights.", DefaultValueFactory = _ => defaults.Seed };
        var threads = new Option<int>("--threads") { Description = "Threads of libtorch.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var nice = new Option<int>("--nice") { Description = "Priority, 0 normal to 19 lowest.", DefaultValueFactory = _ => 10 };
        var command = new Command("train", "Trains the network on phantom slices; interrupted by Ctrl-C or SIGTERM it saves and can be continued.")
        {
            folder, from, firstSample, backgrounds, share, cases, caseShare, phase, size, batch, steps, minutes, rate, recall, bfloat16, warmup, checkpointEvery, validateEvery, seed, threads, nice,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(steps) is null) == (result.GetValue(minutes) is null))
            {
                result.AddError("Give either --steps or --minutes.");
            }
        });
        command.SetAction((result, cancellation) =>
        {
            ProcessSetup.SetNice(result.GetValue(nice));
            ProcessSetup.EnsureMemorySettings();
            TorchSharp.torch.set_num_threads(result.GetValue(threads));
            var heads = result.GetValue(backgrounds) is { } b ? BackgroundHeads.Load(b.FullName, Console.Out) : [];
            var source = new BackgroundSource(heads, result.GetValue(share));
            var slices = result.GetValue(cases) is { } c ? new CaseSlices(LabelledCases.Studies(c.FullName).Studies, Console.Out) : null;
            SampleSource samples = slices is null ? source.Sample : new CaseSource(slices, source.Sample, result.GetValue(caseShare)).Sample;
            var options = defaults with
            {
                Folder = result.GetValue(folder)!.FullName,
                InitialModel = result.GetValue(from)?.FullName,
                FirstSample = result.GetValue(firstSample),
                Phase = result.GetValue(phase)!,
                Size = result.GetValue(size),
                Batch = result.GetValue(batch),
                Steps = result.GetValue(steps),
                Budget = result.GetValue(minutes) is { } m ? TimeSpan.FromMinutes(m) : null,
                LearningRate = result.GetValue(rate),
                RecallWeight = result.GetValue(recall),
                BFloat16 = result.GetValue(bfloat16),
                WarmupSteps = result.GetValue(warmup),
                CheckpointEvery = TimeSpan.FromMinutes(result.GetValue(checkpointEvery)),
                ValidateEvery = TimeSpan.FromMinutes(result.GetValue(validateEvery)),
                Seed = result.GetValue(seed),
            };
            return Task.Run(
                () =>
                {
                    using (slices)
                    {
                        new Trainer(options, samples, Console.Out).Run(null, cancellation);
                    }
                },
                CancellationToken.None);
        });
        return command;
    }
}
