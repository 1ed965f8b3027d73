using HemoApi.Storage;

namespace HemoApi.Results;

/// <summary>What the row of a finished job keeps of its results, once the blobs are written.</summary>
public sealed record StoredResult(
    double IchMl,
    double EdhMl,
    double SdhMl,
    double TotalMl,
    ModelReference Model,
    string MaskSha256,
    string ImageSha256,
    IReadOnlyDictionary<string, double> StageSeconds)
{
    public void CopyTo(StudyResult row, DateTimeOffset now)
    {
        row.Status = ResultStatus.Complete;
        row.IchMl = IchMl;
        row.EdhMl = EdhMl;
        row.SdhMl = SdhMl;
        row.TotalMl = TotalMl;
        (row.ModelId, row.ModelVersion, row.ModelSha256) = (Model.Id, Model.Version, Model.Sha256);
        row.MaskSha256 = MaskSha256;
        row.ImageSha256 = ImageSha256;
        row.CompletedAt = now;
    }
}
