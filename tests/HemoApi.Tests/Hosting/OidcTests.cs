using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using HemoApi.Hosting;
using HemoApi.Tests.Audit;

namespace HemoApi.Tests.Hosting;

public sealed class OidcTests : IAsyncLifetime
{
    private TestIssuer _issuer = null!;
    private TestService _service = null!;
    private HttpClient _admin = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.Start();
        _service = await TestService.Start(settings: [.. _issuer.Settings, "--FailedLogins:PerAddress=1000"]);
        (_admin, _, var tenant) = await _service.Client("north", Scopes.Admin);
        _tenantId = tenant.Id;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_token_signed_with_rs256_or_es256_gets_in_with_its_scopes_to_its_tenant()
    {
        var rs = _issuer.Token("north", "openid studies:read");
        var es = TestIssuer.Sign("ES256", "ec-1", _issuer.Ec, _issuer.Claims("north", "studies:read"));
        var job = await _service.AddStudy(new() { Id = _tenantId, Name = "north", CreatedAt = default });
        Assert.Equal(200, (int)(await Get(rs, $"studies/{job.StudyId}")).StatusCode);
        Assert.Equal(200, (int)(await Get(es, $"studies/{job.StudyId}")).StatusCode);
        await CallerTests.Refused(await Get(rs, "audit"), 403, "auth.scope");
        Assert.Equal(["oidc:radiologist-7", "oidc:radiologist-7"], (await AuditTrailTests.Entries(_admin, $"studyId={job.StudyId}")).Select(e => e.Caller));

        await _service.Client("south", Scopes.StudiesRead);
        await CallerTests.Refused(await Get(_issuer.Token("south", "studies:read"), $"studies/{job.StudyId}"), 404, "not_found");
    }

    [Fact]
    public async Task A_token_without_the_scope_is_refused_by_403_and_unknown_scopes_give_nothing()
    {
        await CallerTests.Refused(await Get(_issuer.Token("north", "studies:write")), 403, "auth.scope");
        await CallerTests.Refused(await Get(_issuer.Token("north", "ADMIN studies:* openid")), 403, "auth.scope");
        await CallerTests.Refused(await Get(_issuer.Token("north", "", ("scope", null))), 403, "auth.scope");
    }

    [Fact]
    public async Task Claims_that_are_called_like_our_own_count_for_nothing()
    {
        var (_, _, south) = await _service.Client("south", Scopes.StudiesRead);
        var job = await _service.AddStudy(south);
        var token = _issuer.Token("north", "studies:read", ("hemoapi:tenant", south.Id.ToString()), ("hemoapi:scope", "admin"), ("hemoapi:caller", "key:0"));
        await CallerTests.Refused(await Get(token, $"studies/{job.StudyId}"), 404, "not_found");
        await CallerTests.Refused(await Get(token, "audit"), 403, "auth.scope");
    }

    public static TheoryData<string> Wrong =>
    [
        "issuer", "audience", "no audience", "expired", "no expiry", "not yet valid", "no tenant", "unknown tenant", "none", "none without signature", "hs256 with the public key", "hs256 with its pem",
        "unknown kid", "other key under a known kid", "changed payload", "changed signature", "nonsense",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_token_is_refused_by_401(string what)
    {
        var now = DateTimeOffset.UtcNow;
        var good = _issuer.Claims("north", "studies:read admin");
        using var stranger = RSA.Create(2048);
        var token = what switch
        {
            "issuer" => With("iss", "https://other.example"),
            "audience" => With("aud", "another-service"),
            "no audience" => With("aud", null),
            "expired" => With("exp", now.AddMinutes(-2).ToUnixTimeSeconds(), ("nbf", now.AddMinutes(-20).ToUnixTimeSeconds())),
            "no expiry" => With("exp", null),
            "not yet valid" => With("nbf", now.AddMinutes(5).ToUnixTimeSeconds()),
            "no tenant" => With("tenant", null),
            "unknown tenant" => With("tenant", "nowhere"),
            "none" => TestIssuer.Sign("none", "rsa-1", null, good),
            "none without signature" => TestIssuer.Sign("none", null, null, good).TrimEnd('.'),
            "hs256 with the public key" => TestIssuer.Sign("HS256", "rsa-1", _issuer.Rsa.ExportSubjectPublicKeyInfo(), good),
            "hs256 with its pem" => TestIssuer.Sign("HS256", "rsa-1", Encoding.ASCII.GetBytes(_issuer.Rsa.ExportSubjectPublicKeyInfoPem()), good),
            "unknown kid" => TestIssuer.Sign("RS256", "rsa-99", stranger, good),
            "other key under a known kid" => TestIssuer.Sign("RS256", "rsa-1", stranger, good),
            "changed payload" => Swap(_issuer.Token("north", "studies:read"), _issuer.Token("north", "admin")),
            "changed signature" => _issuer.Token("north", "studies:read")[..^8] + "AAAAAAAA",
            _ => "abc.def.ghi",
        };
        await CallerTests.Refused(await Get(token), 401, "auth.invalid");
        Assert.Equal(200, (int)(await Get(_issuer.Token("north", "studies:read"))).StatusCode);

        string With(string claim, object? value, params (string, object?)[] more) => _issuer.Token("north", "studies:read", [(claim, value), .. more]);
        static string Swap(string a, string b) => $"{a.Split('.')[0]}.{b.Split('.')[1]}.{a.Split('.')[2]}";
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_taken_up_without_a_restart()
    {
        Assert.Equal(200, (int)(await Get(_issuer.Token("north", "studies:read"))).StatusCode);
        using var next = RSA.Create(2048);
        _issuer.Publish("rsa-2", next);
        _issuer.Withdraw("rsa-1");
        var token = TestIssuer.Sign("RS256", "rsa-2", next, _issuer.Claims("north", "studies:read"));
        var limit = DateTime.UtcNow.AddSeconds(20);
        while ((int)(await Get(token)).StatusCode != 200)
        {
            Assert.True(DateTime.UtcNow < limit, "the new key is not taken up");
            await Task.Delay(200);
        }

        await CallerTests.Refused(await Get(_issuer.Token("north", "studies:read")), 401, "auth.invalid");
    }

    [Fact]
    public async Task Wrong_tokens_count_as_failed_logins()
    {
        await using var strict = await TestService.Start(settings: [.. _issuer.Settings, "--FailedLogins:PerAddress=2"]);
        for (var i = 0; i < 2; i++)
        {
            await CallerTests.Refused(await Get("abc.def.ghi", "studies", strict), 401, "auth.invalid");
        }

        await CallerTests.Refused(await Get("abc.def.ghi", "studies", strict), 429, "auth.too_many_failures");
    }

    private async Task<HttpResponseMessage> Get(string token, string path = "studies", TestService? service = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await (service ?? _service).Anonymous.SendAsync(request);
    }
}
