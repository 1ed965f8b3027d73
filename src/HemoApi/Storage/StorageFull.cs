using HemoApi.Imaging;

namespace HemoApi.Storage;

/// <summary>Recognises a full disk.</summary>
public static class StorageFull
{
    private const int LinuxNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static Fault Fault { get; } = new(
        FaultCodes.StorageFull,
        "The service's storage is full.",
        "Try again later; whoever runs the service must free or add space.");

    public static bool Is(IOException exception) => exception.HResult is LinuxNoSpace or WindowsDiskFull;
}
