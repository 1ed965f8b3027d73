using System.Diagnostics;
using HemoApi.Imaging.Tests.Inference;
using Microsoft.ML.OnnxRuntime;

namespace HemoApi.Benchmarks;

/// <summary>What this machine can multiply at best: a large float32 matrix product in the engine and on the threads that run the network.</summary>
internal static class MachineCeiling
{
    private const int Side = 2048;
    private const int Runs = 7;

    /// <summary>Median, 10⁹ floating-point operations a second; a multiplication and an addition are two.</summary>
    public static double MatrixProductGflops(int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        using var session = new InferenceSession(TinyNetwork.MatrixProduct(Side, Side), options);
        using var input = OrtValue.CreateTensorValueFromMemory(new float[Side * Side], [1, 1, Side, Side]);
        using var runOptions = new RunOptions();
        List<double> seconds = [];
        for (var run = 0; run <= Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            session.Run(runOptions, [TinyNetwork.Input], [input], [TinyNetwork.Output]).Dispose();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return 2.0 * Side * Side * Side / StepMeter.Median(seconds.Skip(1)) / 1e9;
    }
}
