using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HemoApi.Training.Tests;

/// <summary>Holds libtorch to one thread for each test: sums then have one order, so losses repeat to the last bit, and test
/// classes that run side by side do not wait for each other at every barrier.</summary>
internal static class OneThread
{
    // .NET keeps its own copy of the environment; OpenMP reads the process's at its start.
    [ModuleInitializer]
    internal static void Set() => _ = SetVariable("OMP_NUM_THREADS", "1", 1);

    [DllImport("libc", EntryPoint = "setenv", BestFitMapping = false, CharSet = CharSet.Ansi)]
    private static extern int SetVariable(string name, string value, int overwrite);
}
