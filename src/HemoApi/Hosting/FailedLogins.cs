using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using HemoApi.Audit;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Hosting;

/// <summary>Counts failed logins by address and by key, writes them to the audit trail, and says when there were too many. What it remembers of an
/// address or key goes some seconds after its window has ended, so that memory follows the failures of one window.</summary>
public sealed class FailedLogins : IDisposable
{
    private const int Ipv6NetworkBytes = 8;

    private readonly HemoDatabase _database;
    private readonly AuditTrail _trail;
    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly PartitionedRateLimiter<string> _keys;
    private readonly TimeSpan _window;

    public FailedLogins(HemoDatabase database, AuditTrail trail, IOptions<FailedLoginOptions> options)
    {
        (_database, _trail, _window) = (database, trail, options.Value.Window);
        _addresses = Limiter(options.Value.PerAddress);
        _keys = Limiter(options.Value.PerKey);
    }

    /// <returns>The refusal of everything that comes with credentials from where too many wrong ones came; null where it may be looked at.</returns>
    public Problem? Refuse(HttpContext http)
    {
        using var lease = _addresses.AttemptAcquire(Address(http), permitCount: 0);
        return lease.IsAcquired ? null : TooMany(lease);
    }

    /// <summary>Another one. Written down, unless there are too many: the trail shall not grow at the pace of an attack.</summary>
    /// <returns>The refusal once there are too many for the key; null before.</returns>
    public async Task<Problem?> Failed(HttpContext http)
    {
        using var address = _addresses.AttemptAcquire(Address(http));
        var keyId = ApiKeyAuthentication.KeyOf(http.Request) is { } key ? ApiKeys.IdOf(key) : null;
        using var lease = keyId is null ? null : _keys.AttemptAcquire(keyId);
        if (lease is { IsAcquired: false })
        {
            return TooMany(lease);
        }

        await using var db = _database.OpenAsSystem();
        var owner = keyId is null
            ? null
            : await db.ApiKeys.AsNoTracking().Where(k => k.KeyId == keyId).Select(k => (Guid?)k.TenantId).SingleOrDefaultAsync(http.RequestAborted);
        await _trail.Append(
            new AuditRecord(owner ?? AuditTrail.NoTenant, "anonymous", "login.failed")
            {
                Status = StatusCodes.Status401Unauthorized,

                // What belongs to no key of ours may be anything, a secret too.
                Subject = owner is null ? null : keyId,
                Address = AuditedCall.AddressOf(http),
            },
            http.RequestAborted);
        return null;
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _keys.Dispose();
    }

    private PartitionedRateLimiter<string> Limiter(int limit) => PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetFixedWindowLimiter(
        name, _ => new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = _window, QueueLimit = 0 }));

    private Problem TooMany(RateLimitLease lease) =>
        new(LoginFaults.TooMany with { RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.Zero ? wait : _window });

    private static string Address(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, Ipv6NetworkBytes))
            : address.ToString();
    }
}

/// <summary>Before credentials are looked at.</summary>
public sealed class FailedLoginGate(RequestDelegate next, FailedLogins failures)
{
    public Task Invoke(HttpContext context)
    {
        var hasCredentials = context.Request.Headers.ContainsKey(ApiKeyAuthentication.Header) || context.Request.Headers.Authorization.Count > 0;
        return hasCredentials && failures.Refuse(context) is { } refusal ? refusal.ExecuteAsync(context) : next(context);
    }
}

public static class FailedLoginSetup
{
    public static void AddFailedLogins(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<FailedLoginOptions>()
            .BindConfiguration(FailedLoginOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<FailedLogins>();
    }
}
