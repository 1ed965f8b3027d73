using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Results;

/// <summary>Writes the model into rows of versions that kept it in the results document alone. Once: after that there are no such rows.</summary>
public sealed class ResultModelFill(HemoDatabase database, IBlobStore blobs)
{
    private const int BatchSize = 500;

    /// <returns>How many rows were filled.</returns>
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        await using var db = database.OpenAsSystem();
        var (filled, last) = (0, Guid.Empty);
        while (true)
        {
            var batch = await db.Results
                .Where(r => r.Status == ResultStatus.Complete && r.ModelSha256 == "" && r.JobId > last)
                .OrderBy(r => r.JobId)
                .Take(BatchSize)
                .ToListAsync(cancellationToken);
            if (batch.Count == 0)
            {
                return filled;
            }

            foreach (var row in batch)
            {
                if (await ModelOf(row.JobId, cancellationToken) is { } model)
                {
                    (row.ModelId, row.ModelVersion, row.ModelSha256) = (model.Id, model.Version, model.Sha256);
                    filled++;
                }
            }

            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
            last = batch[^1].JobId;
        }
    }

    private async Task<ModelReference?> ModelOf(Guid jobId, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.Open(BlobKeys.Document(jobId), cancellationToken);
        return stream is null ? null : (await JsonSerializer.DeserializeAsync<OnlyModel>(stream, Json.Options, cancellationToken))?.Model;
    }

    private sealed record OnlyModel(ModelReference Model);
}
