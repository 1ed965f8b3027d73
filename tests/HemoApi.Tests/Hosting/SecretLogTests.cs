using System.Net.Http.Headers;
using System.Net.Http.Json;
using HemoApi.Hosting;
using HemoApi.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace HemoApi.Tests.Hosting;

/// <summary>Keys, tokens and the signatures in them stay out of the logs, even where an operator turns every log up.</summary>
public sealed class SecretLogTests
{
    [Fact]
    public async Task No_key_and_no_token_is_in_any_line_of_the_log_whether_it_was_right_or_wrong()
    {
        var logs = new CapturedLogs();
        await using var issuer = await TestIssuer.Start();
        await using var service = await TestService.Start(
            settings: [.. issuer.Settings, .. PatientDataTests.Loud], adjust: builder => builder.Logging.AddProvider(logs));
        var (admin, adminKey, _) = await service.Client("north", Scopes.Admin);
        var made = await (await admin.PostAsJsonAsync("/api/v1/keys", new CreateKeyRequest("viewer", [Scopes.StudiesRead]))).Content.ReadFromJsonAsync<CreatedKeyDocument>(Json.Options);
        var rotated = await (await admin.PostAsync($"/api/v1/keys/{made!.Details.KeyId}/rotate", null)).Content.ReadFromJsonAsync<CreatedKeyDocument>(Json.Options);
        var token = issuer.Token("north", "studies:read");
        var wrongToken = issuer.Token("north", "studies:read", ("aud", "someone-else"));
        var expired = issuer.Token("north", "studies:read", ("exp", 1_700_000_000));
        var wrongKey = $"{made.Key[..^3]}xyz";
        foreach (var (credential, status) in ((string, int)[])
            [(made.Key, 200), (rotated!.Key, 200), (token, 200), (wrongToken, 401), (expired, 401), (wrongKey, 401), ("hemo_nonsense", 401), ("kein.echtes.Zeichen", 401)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/studies");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
            Assert.Equal(status, (int)(await service.Anonymous.SendAsync(request)).StatusCode);
        }

        Assert.Contains(logs.Lines, line => line.Contains("/api/v1/studies"));
        var text = string.Join('\n', logs.Lines);
        var secrets = ((string[])[adminKey, made.Key, rotated.Key, wrongKey]).Select(k => k.Split('_', 3)[2])
            .Concat(((string[])[token, wrongToken, expired]).SelectMany(t => t.Split('.').Skip(1)))
            .Append("kein.echtes.Zeichen");
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text));
    }
}
