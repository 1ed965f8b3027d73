namespace HemoApi.Storage;

/// <summary>A study measured once more by a second model, beside the result of its job and apart from it. Of the second mask only
/// these figures are kept.</summary>
public sealed class ShadowRun : QueuedWork
{
    public required Guid StudyId { get; init; }

    /// <summary>The job whose result it is held against.</summary>
    public required Guid JobId { get; init; }

    /// <summary>The second model.</summary>
    public required string ModelId { get; init; }

    /// <summary>Of the second model; empty until it has run, as the digest.</summary>
    public string ModelVersion { get; set; } = "";

    /// <summary>SHA-256 of the network, lower-case hex.</summary>
    public string ModelSha256 { get; set; } = "";

    /// <summary>One for each type, in label order; empty until it has run.</summary>
    public IReadOnlyList<ShadowVolume> Volumes { get; set; } = [];

    /// <summary>Volume of the voxels that the two masks label differently, ml: the order of the list of differences.</summary>
    public double DifferentMl { get; set; }
}

/// <param name="Type">ICH, EDH or SDH.</param>
/// <param name="VolumeMl">By the model that made the study's results.</param>
/// <param name="ShadowVolumeMl">By the shadow model.</param>
/// <param name="Dice">Of the two masks; absent where neither holds the type.</param>
public sealed record ShadowVolume(string Type, double VolumeMl, double ShadowVolumeMl, double? Dice)
{
    /// <summary>Shadow − result.</summary>
    public double DifferenceMl => ShadowVolumeMl - VolumeMl;
}
