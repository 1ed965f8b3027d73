using System.Runtime.CompilerServices;
using Azure;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;

namespace HemoApi.Storage;

/// <summary>Blobs in a container of Azure Blob Storage. A blob is sent in blocks, each with its MD5, and appears when the list of
/// blocks is committed: whole or not at all. Reading verifies the same sums. Nothing is held in memory but a few blocks.</summary>
/// <exception cref="RequestFailedException">From every call: the store refused or could not be reached after several tries.</exception>
public sealed class AzureBlobStore : IBlobStore
{
    private const int BlockBytes = 4 << 20;

    private readonly BlobContainerClient _container;
    private readonly string _incoming;

    public AzureBlobStore(IOptions<AzureBlobOptions> azure, IOptions<StorageOptions> storage)
    {
        var options = new BlobClientOptions
        {
            Retry = { MaxRetries = 4, NetworkTimeout = azure.Value.NetworkTimeout },

            // Addresses of blobs hold ids alone, but the client would log headers and queries as well.
            Diagnostics = { IsLoggingEnabled = false },
        };
        var service = azure.Value.ServiceUri is { } uri
            ? new BlobServiceClient(uri, new DefaultAzureCredential(), options)
            : new BlobServiceClient(azure.Value.ConnectionString, options);
        _container = service.GetBlobContainerClient(azure.Value.Container);
        _incoming = storage.Value.IncomingFolder;
    }

    public Task Prepare(CancellationToken cancellationToken) =>
        AzureReach.Try(() => _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken), cancellationToken);

    /// <summary>Through a file, because writers seek, and because what was sent before a writer throws must not become a blob.</summary>
    public async Task Put(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_incoming);
        await using var file = new FileStream(
            Path.Combine(_incoming, $"{Guid.NewGuid():n}.blob"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await write(file, cancellationToken);
        await file.FlushAsync(cancellationToken);
        file.Position = 0;
        await Send(key, file, cancellationToken);
    }

    public async Task PutFile(string key, string file, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await Send(key, content, cancellationToken);
    }

    public async Task<Stream?> Open(string key, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobOpenReadOptions(allowModifications: false)
            {
                BufferSize = BlockBytes,
                TransferValidation = new DownloadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
            };
            return new AzureBlobStream(await AzureReach.Try(() => _container.GetBlobClient(key).OpenReadAsync(options, cancellationToken), cancellationToken));
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    public Task DeletePrefix(string prefix, CancellationToken cancellationToken) => prefix.EndsWith('/')
        ? AzureReach.Try(() => DeleteAll(prefix, cancellationToken), cancellationToken)
        : throw new ArgumentException("a prefix ends with a slash", nameof(prefix));

    public async IAsyncEnumerable<StoredBlob> List(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken))
        {
            yield return new StoredBlob(blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? DateTimeOffset.MaxValue);
        }
    }

    public async Task<bool> Exists(string key, CancellationToken cancellationToken) =>
        await AzureReach.Try(() => _container.GetBlobClient(key).ExistsAsync(cancellationToken), cancellationToken);

    public Task Delete(string key, CancellationToken cancellationToken) => AzureReach.Try(() => DeleteBlob(key, cancellationToken), cancellationToken);

    public async Task Probe(CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient($"health/{Guid.NewGuid():n}");
        await AzureReach.Try(() => blob.UploadAsync(new BinaryData(new byte[1]), cancellationToken), cancellationToken);
        await AzureReach.Try(() => blob.DeleteIfExistsAsync(cancellationToken: cancellationToken), cancellationToken);
    }

    private Task<Response<bool>> DeleteBlob(string key, CancellationToken cancellationToken) =>
        _container.GetBlobClient(key).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);

    /// <returns>How many there were.</returns>
    private async Task<int> DeleteAll(string prefix, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken))
        {
            await DeleteBlob(blob.Name, cancellationToken);
            count++;
        }

        return count;
    }

    private Task Send(string key, Stream content, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            TransferOptions = new StorageTransferOptions { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 2 },
            TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
        };
        return AzureReach.Try(() => _container.GetBlobClient(key).UploadAsync(content, options, cancellationToken), cancellationToken);
    }
}
