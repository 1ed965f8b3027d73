using System.Globalization;
using HemoApi.Hosting;
using HemoApi.Tests.Audit;

namespace HemoApi.Tests.Hosting;

public sealed class FailedLoginTests
{
    private static readonly string[] Few = ["--FailedLogins:PerAddress=5", "--FailedLogins:PerKey=3", "--FailedLogins:Window=00:00:03", "--Proxies:Trusted:0=127.0.0.1"];

    [Fact]
    public async Task Too_many_wrong_credentials_from_an_address_shut_it_out_until_the_window_ends()
    {
        await using var service = await TestService.Start(settings: Few);
        var (_, key, _) = await service.Client("a", Scopes.StudiesRead);
        for (var i = 0; i < 5; i++)
        {
            await CallerTests.Refused(await Get(service, $"hemo_{i}_wrong", "203.0.113.5"), 401, "auth.invalid");
        }

        using var refused = await Get(service, key, "203.0.113.5");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        await CallerTests.Refused(refused, 429, "auth.too_many_failures");
        Assert.Equal(200, (int)(await Get(service, key, "203.0.113.6")).StatusCode);
        await Task.Delay(TimeSpan.FromSeconds(3.5));
        Assert.Equal(200, (int)(await Get(service, key, "203.0.113.5")).StatusCode);
    }

    [Fact]
    public async Task Guesses_at_a_key_from_many_addresses_are_limited_and_the_right_key_gets_in_all_the_while()
    {
        await using var service = await TestService.Start(settings: [.. Few, "--FailedLogins:Window=00:05:00"]);
        var (_, key, _) = await service.Client("a", Scopes.StudiesRead);
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        var wrong = $"{key[..^2]}xx";
        for (var i = 0; i < 3; i++)
        {
            await CallerTests.Refused(await Get(service, wrong, $"203.0.113.{i}"), 401, "auth.invalid");
        }

        for (var i = 3; i < 6; i++)
        {
            await CallerTests.Refused(await Get(service, wrong, $"203.0.113.{i}"), 429, "auth.too_many_failures");
            Assert.Equal(200, (int)(await Get(service, key, $"198.51.100.{i}")).StatusCode);
        }

        var failures = await AuditTrailTests.Entries(admin, "action=login.failed");
        Assert.Equal(["203.0.113.2", "203.0.113.1", "203.0.113.0"], failures.Select(e => e.Address));
        Assert.All(failures, e => Assert.Equal((key.Split('_')[1], 401), (e.Subject, e.Status)));
    }

    [Fact]
    public async Task Addresses_of_one_ipv6_network_count_as_one()
    {
        await using var service = await TestService.Start(settings: Few);
        var (_, key, _) = await service.Client("a", Scopes.StudiesRead);
        for (var i = 0; i < 5; i++)
        {
            await CallerTests.Refused(await Get(service, "nonsense", $"2001:db8:1:2::{i + 1}"), 401, "auth.invalid");
        }

        await CallerTests.Refused(await Get(service, key, "2001:db8:1:2:ffff::9"), 429, "auth.too_many_failures");
        Assert.Equal(200, (int)(await Get(service, key, "2001:db8:1:3::1")).StatusCode);
    }

    [Fact]
    public async Task What_strangers_say_of_where_a_request_came_from_does_not_count()
    {
        await using var service = await TestService.Start(settings: ["--FailedLogins:PerAddress=3"]);
        var (_, key, _) = await service.Client("a", Scopes.StudiesRead);
        for (var i = 0; i < 3; i++)
        {
            await CallerTests.Refused(await Get(service, "hemo_x_wrong", string.Create(CultureInfo.InvariantCulture, $"203.0.113.{i}")), 401, "auth.invalid");
        }

        await CallerTests.Refused(await Get(service, key, "203.0.113.99"), 429, "auth.too_many_failures");
        Assert.Equal(200, (int)(await service.Anonymous.GetAsync("/health/live")).StatusCode);
        await CallerTests.Refused(await service.Anonymous.GetAsync("/api/v1/studies"), 401, "auth.invalid");
    }

    private static async Task<HttpResponseMessage> Get(TestService service, string key, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/studies");
        request.Headers.Add(ApiKeyAuthentication.Header, key);
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        return await service.Anonymous.SendAsync(request);
    }
}
