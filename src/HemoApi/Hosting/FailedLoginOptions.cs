using System.ComponentModel.DataAnnotations;

namespace HemoApi.Hosting;

/// <summary>Section <c>FailedLogins</c>: how many wrong credentials are looked at.</summary>
public sealed class FailedLoginOptions
{
    public const string Section = "FailedLogins";

    /// <summary>From one address (IPv6: one network of 64 bits) within <see cref="Window"/>; then everything with credentials from there is refused
    /// until the window ends. Default: 30.</summary>
    [Range(1, 1_000_000)]
    public int PerAddress { get; set; } = 30;

    /// <summary>For one key's public half within <see cref="Window"/>, from whatever addresses; then further wrong ones are refused by 429. The right
    /// key gets in all the while. Default: 30.</summary>
    [Range(1, 1_000_000)]
    public int PerKey { get; set; } = 30;

    /// <summary>Default: 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);
}
