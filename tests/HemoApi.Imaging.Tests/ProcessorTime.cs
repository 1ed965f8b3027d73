using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HemoApi.Imaging.Tests;

/// <summary>How long this thread has kept a processor busy, so that limits on time hold on a machine that is busy with something else.</summary>
internal static class ProcessorTime
{
    private const int ThreadClock = 3;

    /// <summary>Since some start; elapsed time where the system tells no other.</summary>
    public static TimeSpan Now =>
        OperatingSystem.IsLinux() && GetTime(ThreadClock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Timespec time);

    private readonly record struct Timespec(long Seconds, long Nanoseconds);
}
