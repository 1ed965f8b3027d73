using System.Globalization;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom.Fuzzing;

/// <summary>Mutants of every encoding. The number of a mutant and the seed of the run make it, so that a failure can be made again
/// and become a test of its own in <see cref="HostileFileTests"/>.</summary>
public class FuzzTests
{
    private const string CountVariable = "HEMOAPI_FUZZ_MUTANTS";
    private const string SeedVariable = "HEMOAPI_FUZZ_SEED";
    private const string FirstVariable = "HEMOAPI_FUZZ_FIRST";
    private const int DefaultCount = 20_000;

    /// <summary>One mutant in so many is of an encoding that a child process decodes.</summary>
    private const int SlowShare = 250;

    private const int ReportedFailures = 20;

    [Fact]
    public void Seeds_are_valid_files()
    {
        Assert.All(FuzzSeeds.Quick, seed => Assert.Equal((null, false), FuzzTarget.Run(seed)));
        Assert.All(FuzzSeeds.Quick, seed => Assert.Equal(256, DicomReading.Hounsfield(seed).Value.Length));
        Assert.All(FuzzSeeds.Slow, seed => Assert.Equal((null, !GdcmConverter.IsInstalled), FuzzTarget.Run(seed)));
    }

    [Fact]
    public void Twenty_thousand_mutants_neither_crash_hang_nor_eat_memory()
    {
        var count = Setting(CountVariable) ?? DefaultCount;
        var seed = Setting(SeedVariable) ?? 20240229;
        var first = Setting(FirstVariable) ?? 0;
        List<string> failures = [];
        var (done, refused) = (0, 0);
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (number, loop) =>
        {
            var (failure, isRefused) = FuzzTarget.RunPatiently(Mutant(seed, number));
            Interlocked.Add(ref refused, isRefused ? 1 : 0);
            if (Interlocked.Increment(ref done) % 100_000 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} mutants of seed {seed}, {refused} refused, {failures.Count} failures"));
            }

            if (failure is null)
            {
                return;
            }

            lock (failures)
            {
                failures.Add($"mutant {number} of seed {seed}: {failure}");
                Console.WriteLine(failures[^1]);
                if (failures.Count >= ReportedFailures)
                {
                    loop.Stop();
                }
            }
        });

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(count < DefaultCount || (refused > count / 10 && refused < count * 19L / 20), $"{refused} of {count} are refused: too few or too many to find anything");
    }

    internal static byte[] Mutant(int seed, int number)
    {
        var random = new Random(HashCode(seed, number));
        var seeds = number % SlowShare == SlowShare - 1 && GdcmConverter.IsInstalled ? FuzzSeeds.Slow : FuzzSeeds.Quick;
        return new FuzzMutator(random).Mutate(seeds[random.Next(seeds.Count)], seeds);
    }

    /// <summary>The same on every run, which <see cref="System.HashCode"/> is not.</summary>
    private static int HashCode(int seed, int number) => unchecked((seed * 486_187_739) + (number * 16_777_619));

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
