using HemoApi.Imaging;
using Microsoft.Data.Sqlite;

namespace HemoApi.Storage;

/// <summary>Recognises a full disk.</summary>
public static class StorageFull
{
    private const int LinuxNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>SQLITE_FULL.</summary>
    private const int SqliteFull = 13;

    public static Fault Fault { get; } = new(
        FaultCodes.StorageFull,
        "The service's storage is full.",
        "Try again later; whoever runs the service must free or add space.");

    /// <summary>Whether a file or the embedded database found no space, or that caused it.</summary>
    public static bool Is(Exception exception) =>
        exception is IOException { HResult: LinuxNoSpace or WindowsDiskFull } or SqliteException { SqliteErrorCode: SqliteFull }
        || (exception.InnerException is { } inner && Is(inner));
}
