namespace HemoApi.Hosting;

/// <summary>Section <c>FirstStart</c>: what the first start on an empty database makes, beside a tenant and its key.</summary>
public sealed class FirstStartOptions
{
    public const string Section = "FirstStart";

    /// <summary>Whether to render the sample study to try the service with (a few seconds). Default: true.</summary>
    public bool SampleStudy { get; set; } = true;
}
