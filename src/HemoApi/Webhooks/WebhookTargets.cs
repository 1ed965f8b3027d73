using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace HemoApi.Webhooks;

/// <summary>Which addresses the service calls for tenants: those of the public internet, and networks that whoever runs it has allowed. A
/// tenant could otherwise have it call what only it reaches (server-side request forgery). The address is judged when it is connected to,
/// not when its name is read: a name can resolve differently the next time.</summary>
public sealed class WebhookTargets(IOptions<WebhooksOptions> options)
{
    /// <summary>Of IPv4, what is not globally reachable (IANA IPv4 Special-Purpose Address Registry), multicast, reserved, and the platform
    /// address of Azure, which answers inside of every virtual machine.</summary>
    private static readonly IPNetwork[] ForbiddenV4 =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        ]).Select(IPNetwork.Parse),
    ];

    /// <summary>Global unicast. All else of IPv6 is loopback, link-local, unique-local, multicast, or holds an IPv4 address.</summary>
    private static readonly IPNetwork PublicV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Within it: protocol assignments with Teredo, documentation, and 6to4, which leads to any IPv4 address.</summary>
    private static readonly IPNetwork[] ForbiddenV6 = [.. ((string[])["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]).Select(IPNetwork.Parse)];

    private readonly IPNetwork[] _allowed = [.. options.Value.AllowedNetworks.Select(IPNetwork.Parse)];

    public bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _allowed.Any(n => n.Contains(plain)) || IsPublic(plain);
    }

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="ForbiddenTargetException">The name leads nowhere that may be called.</exception>
    /// <exception cref="SocketException">The name does not resolve, or no one listens.</exception>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = addresses.Where(IsAllowed).ToArray();
        if (allowed.Length == 0)
        {
            throw new ForbiddenTargetException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !ForbiddenV4.Any(n => n.Contains(address)),
        AddressFamily.InterNetworkV6 => PublicV6.Contains(address) && !ForbiddenV6.Any(n => n.Contains(address)),
        _ => false,
    };
}

/// <summary>The target of a webhook is one that is not to be called.</summary>
public sealed class ForbiddenTargetException() : IOException("the target is not one that may be called");
