using System.Runtime;

namespace HemoApi.Training;

/// <summary>Holds the garbage collector off while libtorch works. TorchSharp 0.107 hands temporary scalars to libtorch without keeping
/// them alive (its AdamW and batch norms among others); one collected in between is read after it was freed: an exception about
/// its type at best, a wrong number at worst.</summary>
internal static class NoCollection
{
    /// <summary>More than a step allocates beside the samples that are made meanwhile. What goes beyond it ends the protection, not the step.</summary>
    private const long BudgetBytes = 200L << 20;

    public static T During<T>(Func<T> action)
    {
        var isOurs = GCSettings.LatencyMode != GCLatencyMode.NoGCRegion && GC.TryStartNoGCRegion(BudgetBytes);
        try
        {
            return action();
        }
        finally
        {
            if (isOurs && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }
    }
}
