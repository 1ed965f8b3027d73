using HemoApi.Tests.Studies;

namespace HemoApi.Benchmarks;

/// <summary>Zips of few bytes, for what is measured beside the pipeline.</summary>
internal static class SmallStudy
{
    private const int Slices = 30;

    /// <summary>Another study each time.</summary>
    /// <param name="pixels">Side of a slice.</param>
    public static byte[] Zip(ushort pixels)
    {
        var name = $"{Guid.NewGuid():n}";
        return ZipIntakeForge.Zip(Enumerable.Range(0, Slices).Select(i => new IntakeSlice(i) { Study = name, Size = pixels }.ToEntry()));
    }
}
