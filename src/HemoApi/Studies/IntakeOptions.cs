using System.ComponentModel.DataAnnotations;

namespace HemoApi.Studies;

/// <summary>What an upload may be. The defaults admit the largest head CT studies seen in practice (a few thousand thin
/// slices) and stop archives made to exhaust memory, disk or time.</summary>
public sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>Largest request body, bytes. Default 4 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxUploadBytes { get; set; } = 4L << 30;

    /// <summary>Most entries of an archive, folders included. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxEntries { get; set; } = 20_000;

    /// <summary>Largest expanded size of one entry, bytes. Default 2 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxEntryBytes { get; set; } = 2L << 30;

    /// <summary>Largest expanded size of all entries together, and of the deflated data sets inside of them, bytes. Default 16 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxExpandedBytes { get; set; } = 16L << 30;

    /// <summary>Most bytes that one byte of the archive may expand to, over the whole archive and both layers. Default 100: CT slices reach
    /// 2 to 6, deflate ends at 1032.</summary>
    [Range(1, 1032)]
    public int MaxRatio { get; set; } = 100;

    /// <summary>Expanded size up to which the ratio is not asked, bytes, so that a small study of blank slices passes. Default 32 MiB.</summary>
    [Range(0, long.MaxValue)]
    public long RatioFloorBytes { get; set; } = 32L << 20;

    /// <summary>Most segments of an entry's path. Default 16.</summary>
    [Range(1, 1000)]
    public int MaxPathDepth { get; set; } = 16;

    /// <summary>Longest name of an entry, bytes. Default 1024.</summary>
    [Range(1, 65535)]
    public int MaxNameBytes { get; set; } = 1024;

    /// <summary>Disk space that an upload must leave free, bytes. Default 512 MiB.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeDiskBytes { get; set; } = 512L << 20;

    /// <summary>A body that arrives more slowly than this, bytes a second, is given up. Default 4096.</summary>
    [Range(1, int.MaxValue)]
    public int MinBodyBytesPerSecond { get; set; } = 4096;

    /// <summary>How long the body may be slower than that at the start, seconds. Default 20.</summary>
    [Range(2, 3600)]
    public int SlowBodyGraceSeconds { get; set; } = 20;

    /// <summary>The bytes that an archive of this size may expand to.</summary>
    public long ExpansionBudget(long archiveBytes)
    {
        var byRatio = archiveBytes > long.MaxValue / MaxRatio ? long.MaxValue : archiveBytes * MaxRatio;
        return Math.Min(MaxExpandedBytes, Math.Max(RatioFloorBytes, byRatio));
    }
}
