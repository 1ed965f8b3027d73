using HemoApi.Hosting;

namespace HemoApi.Tests.Hosting;

public sealed class SecurityHeaderTests
{
    [Fact]
    public async Task Every_answer_of_the_api_forbids_caches_frames_and_guesses_at_its_type()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead);
        foreach (var path in (string[])["/api/v1/studies", "/api/v1/studies/nothing", "/api/v1/audit"])
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
            Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
            Assert.False(answer.Headers.Contains("Server"));
        }

        using var page = await client.GetAsync("/swagger/index.html");
        Assert.False(page.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_that_speaks_tls_browsers_are_told_to_keep_to_it()
    {
        await using var behind = await TestService.Start(settings: ["--Proxies:Trusted:0=127.0.0.0/8"]);
        await using var direct = await TestService.Start();
        Assert.True((await Get(behind)).Headers.Contains("Strict-Transport-Security"));
        Assert.False((await Get(direct)).Headers.Contains("Strict-Transport-Security"));

        static async Task<HttpResponseMessage> Get(TestService service)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { Host = "hemo.hospital.example" } };
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
            return await service.Anonymous.SendAsync(request);
        }
    }
}
