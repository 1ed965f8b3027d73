using HemoApi.Imaging;

namespace HemoApi.Storage;

public static class StorageFaults
{
    public static Fault Missing { get; } = new(
        FaultCodes.StorageMissing,
        "A stored file of the study is missing.",
        "Whoever runs the service can restore it from a backup of the blobs, and a retry of the job makes results anew; else delete the study and upload it again.");
}

/// <summary>There is no such blob although a row says so.</summary>
public sealed class BlobMissingException(string key) : Exception($"the blob {key} is missing");
