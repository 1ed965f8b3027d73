using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace HemoApi.Hosting;

/// <summary>Section <c>Proxies</c>: whose word counts on where a request came from.</summary>
public sealed class ProxyOptions
{
    public const string Section = "Proxies";

    /// <summary>IP addresses (10.0.0.7) and networks (10.0.0.0/8) of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: none;
    /// then the headers are ignored.</summary>
    public IReadOnlyList<string> Trusted { get; set; } = [];

    public bool IsValid => Trusted.All(t => IPAddress.TryParse(t, out _) || System.Net.IPNetwork.TryParse(t, out _));
}

public static class Proxies
{
    public static void AddProxies(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ProxyOptions>()
            .BindConfiguration(ProxyOptions.Section)
            .Validate(o => o.IsValid, "Proxies:Trusted must hold IP addresses such as 10.0.0.7 and networks such as 10.0.0.0/8.")
            .ValidateOnStart();

        // After everything else, so that no variable of the environment can have the headers of strangers believed.
        builder.Services.AddOptions<ForwardedHeadersOptions>().PostConfigure<Microsoft.Extensions.Options.IOptions<ProxyOptions>>((headers, proxies) =>
        {
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var trusted in proxies.Value.Trusted)
            {
                if (IPAddress.TryParse(trusted, out var address))
                {
                    headers.KnownProxies.Add(address);
                }
                else
                {
                    headers.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(trusted));
                }
            }

            headers.ForwardedHeaders = proxies.Value.Trusted is [] ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            headers.ForwardLimit = null;
        });
    }
}
