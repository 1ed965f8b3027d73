using HemoApi.Hosting;

namespace HemoApi.Storage;

/// <summary>Remembers that the blob store was away when something was to be stored, so that the next upload is refused before its body and not
/// after it. While it remembers, each question asks the store itself.</summary>
public sealed class BlobOutage(IBlobStore blobs, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private volatile bool _isSuspected;

    public void Suspect() => _isSuspected = true;

    public async Task<bool> IsOn(CancellationToken cancellationToken)
    {
        if (!_isSuspected)
        {
            return false;
        }

        try
        {
            await blobs.Probe(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            _isSuspected = false;
            return false;
        }
        catch (Exception e) when (e is TimeoutException || e.IsDependencyAway())
        {
            return true;
        }
    }
}
