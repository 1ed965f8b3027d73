using System.Net;
using System.Net.Sockets;
using HemoApi.Imaging;
using Microsoft.Extensions.Options;

namespace HemoApi.Webhooks;

/// <summary>Judges an address that a tenant names, so that a mistake is told at once. What counts is judged again at each connection.</summary>
public sealed class WebhookAddress(WebhookTargets targets, IOptions<WebhooksOptions> options)
{
    private const int MaximumLength = 2048;
    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(3);

    public static bool IsScheme(Uri url, bool allowHttp) => url.Scheme == Uri.UriSchemeHttps || (allowHttp && url.Scheme == Uri.UriSchemeHttp);

    /// <returns>webhook.target, or null. A name that does not resolve now may do so later.</returns>
    public async Task<Fault?> Check(string? text, CancellationToken cancellationToken)
    {
        if (text is null or { Length: > MaximumLength } || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            return Refused($"The url is absent, longer than {MaximumLength} characters, or not absolute.", "Give an address like https://hospital.example/hemo.");
        }

        if (!IsScheme(url, options.Value.AllowHttp))
        {
            return Refused("The url is not https.", "Give an https address; what is sent names studies.");
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return Refused("The url has a user name, password or fragment.", "Leave them out: the signature says who sends.");
        }

        return await LeadsNowhere(url.IdnHost, cancellationToken)
            ? Refused(
                "The address leads into a network that is not public.",
                "Give an address that can be reached from the internet, or have its network allowed by Webhooks:AllowedNetworks.")
            : null;
    }

    private async Task<bool> LeadsNowhere(string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host.Trim('[', ']'), cancellationToken).WaitAsync(NamePatience, cancellationToken);
            return !addresses.Any(targets.IsAllowed);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return false;
        }
    }

    private static Fault Refused(string detail, string remedy) => new(FaultCodes.WebhookTarget, detail, remedy);
}
