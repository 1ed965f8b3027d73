using HemoApi.Imaging.Tests.Dicom.Fuzzing;
using SharpFuzz;

// The long runs of FuzzTests' target under afl-fuzz, which learns from the branches that a mutant takes. The script "fuzz" beside
// this file puts the parts together.
switch (args)
{
    case ["seeds", var folder]:
        Directory.CreateDirectory(folder);
        foreach (var (number, seed) in FuzzSeeds.Quick.Index())
        {
            File.WriteAllBytes(Path.Combine(folder, $"{number:D2}.dcm"), seed);
        }

        return 0;

    case ["instrument", var assembly]:
        Fuzzer.Instrument(assembly, _ => true, Options.Value);
        return 0;

    // Under afl-fuzz; a crash of it kills a process of its own.
    case ["run"]:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var mutant = new MemoryStream();
            stream.CopyTo(mutant);
            if (FuzzTarget.RunPatiently(mutant.ToArray()).Failure is { } failure)
            {
                throw new InvalidOperationException(failure);
            }
        });
        return 0;

    case ["replay", .. var files]:
        var failures = 0;
        foreach (var file in files)
        {
            var (failure, isRefused) = FuzzTarget.RunPatiently(File.ReadAllBytes(file));
            Console.WriteLine($"{file}: {failure ?? (isRefused ? "refused" : "accepted")}");
            failures += failure is null ? 0 : 1;
        }

        return Math.Min(failures, 1);

    default:
        Console.Error.WriteLine("HemoApi.Fuzzing seeds FOLDER | instrument DLL | run | replay FILE...");
        return 2;
}
