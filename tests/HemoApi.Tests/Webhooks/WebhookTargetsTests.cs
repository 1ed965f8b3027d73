using System.Net;
using HemoApi.Webhooks;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Webhooks;

public sealed class WebhookTargetsTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")] // metadata of Alibaba Cloud
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")] // metadata of AWS, Azure, Google Cloud
    [InlineData("168.63.129.16")] // Azure's platform
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")] // metadata of Oracle Cloud
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")] // metadata of AWS
    [InlineData("ff02::1")]
    [InlineData("2001::1")] // Teredo
    [InlineData("2001:db8::1")]
    [InlineData("2002:a00:1::1")] // 6to4 of 10.0.0.1
    public void Addresses_that_are_not_public_are_never_called(string address) => Assert.False(Targets().IsAllowed(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void Public_addresses_are(string address) => Assert.True(Targets().IsAllowed(IPAddress.Parse(address)));

    [Fact]
    public void Networks_that_are_allowed_by_configuration_are_and_no_others()
    {
        var targets = Targets("10.20.0.0/16", "fd12:3456::/32");
        Assert.All(["10.20.0.1", "::ffff:10.20.255.255", "fd12:3456::1"], a => Assert.True(targets.IsAllowed(IPAddress.Parse(a))));
        Assert.All(["10.21.0.1", "127.0.0.1", "fd12:3457::1"], a => Assert.False(targets.IsAllowed(IPAddress.Parse(a))));
    }

    private static WebhookTargets Targets(params string[] allowed) => new(Options.Create(new WebhooksOptions { AllowedNetworks = allowed }));
}
