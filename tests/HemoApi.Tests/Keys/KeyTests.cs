using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Keys;
using HemoApi.Tests.Audit;
using HemoApi.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.Keys;

public sealed class KeyTests
{
    [Fact]
    public async Task A_key_is_made_shown_once_used_rotated_and_revoked()
    {
        await using var service = await TestService.Start();
        var (admin, _, tenant) = await service.Client("a", Scopes.Admin);
        var made = await Make(admin, new CreateKeyRequest("Viewer", [Scopes.StudiesRead]));
        using var viewer = With(service, made.Key);
        Assert.Equal(200, (int)(await viewer.GetAsync("/api/v1/studies")).StatusCode);
        await CallerTests.Refused(await viewer.GetAsync("/api/v1/keys"), 403, "auth.scope");

        var listed = await admin.GetStringAsync("/api/v1/keys");
        Assert.Contains(made.Details.KeyId, listed);
        Assert.DoesNotContain(made.Key.Split('_', 3)[2], listed);
        var row = JsonDocument.Parse(listed).RootElement.GetProperty("items").EnumerateArray().Single(k => k.GetProperty("keyId").GetString() == made.Details.KeyId);
        Assert.Equal(("Viewer", true), (row.GetProperty("name").GetString(), row.GetProperty("active").GetBoolean()));
        Assert.InRange(row.GetProperty("lastUsedAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        await using (var db = service.Database.OpenAsSystem())
        {
            Assert.DoesNotContain(made.Key, string.Join('\n', db.ApiKeys.AsEnumerable().Select(k => $"{k.KeyId} {Convert.ToBase64String(k.SecretHash)}")));
        }

        using var rotation = await admin.PostAsync($"/api/v1/keys/{made.Details.KeyId}/rotate?graceHours=1", null);
        var successor = (await rotation.Content.ReadFromJsonAsync<CreatedKeyDocument>(Json.Options))!;
        using var next = With(service, successor.Key);
        Assert.Equal(("Viewer", Scopes.StudiesRead), (successor.Details.Name, successor.Details.Scopes.Single()));
        Assert.Equal(200, (int)(await next.GetAsync("/api/v1/studies")).StatusCode);
        Assert.Equal(200, (int)(await viewer.GetAsync("/api/v1/studies")).StatusCode);

        // The grace period ends.
        await using (var db = service.Database.OpenAsSystem())
        {
            var old = await db.ApiKeys.SingleAsync(k => k.KeyId == made.Details.KeyId);
            Assert.InRange(old.ExpiresAt!.Value, DateTimeOffset.UtcNow.AddMinutes(55), DateTimeOffset.UtcNow.AddMinutes(61));
            old.ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1);
            await db.SaveChangesAsync();
        }

        await CallerTests.Refused(await viewer.GetAsync("/api/v1/studies"), 401, "auth.invalid");
        await CallerTests.Refused(await admin.PostAsync($"/api/v1/keys/{made.Details.KeyId}/rotate", null), 400, "request.invalid");
        Assert.Equal(204, (int)(await admin.DeleteAsync($"/api/v1/keys/{successor.Details.KeyId}")).StatusCode);
        await CallerTests.Refused(await next.GetAsync("/api/v1/studies"), 401, "auth.invalid");

        var entries = (await AuditTrailTests.Entries(admin)).Where(e => e.Action is "key.create" or "key.rotate" or "key.revoke" && e.Status is < 300).Reverse();
        Assert.Equal(
            [("key.create", made.Details.KeyId), ("key.rotate", made.Details.KeyId), ("key.revoke", successor.Details.KeyId)],
            entries.Select(e => (e.Action, e.Subject!)));
    }

    [Fact]
    public async Task An_expired_key_is_refused_and_an_odd_request_for_one_too()
    {
        await using var service = await TestService.Start();
        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        var made = await Make(admin, new CreateKeyRequest(null, [Scopes.StudiesRead], DateTimeOffset.UtcNow.AddSeconds(2)));
        using var client = With(service, made.Key);
        Assert.Equal(200, (int)(await client.GetAsync("/api/v1/studies")).StatusCode);
        await Task.Delay(TimeSpan.FromSeconds(2.2));
        await CallerTests.Refused(await client.GetAsync("/api/v1/studies"), 401, "auth.invalid");

        foreach (var odd in (CreateKeyRequest[])
            [new(null, []), new(null, ["studies:all"]), new("", [Scopes.StudiesRead]), new(new string('x', 101), [Scopes.StudiesRead]), new("a\nb", [Scopes.StudiesRead]), new(null, [Scopes.StudiesRead], DateTimeOffset.UnixEpoch)])
        {
            await CallerTests.Refused(await admin.PostAsJsonAsync("/api/v1/keys", odd), 400, "request.invalid");
        }
    }

    [Fact]
    public async Task A_key_grants_nothing_that_its_creator_lacks()
    {
        var caller = Caller.Of(Guid.NewGuid(), [Scopes.StudiesRead]);
        Assert.True(caller.Holds(Scopes.StudiesRead));
        await using var service = await TestService.Start();
        foreach (var (request, lacks) in ((CreateKeyRequest, string)[])
            [(new(null, [Scopes.StudiesRead, Scopes.StudiesWrite]), Scopes.StudiesWrite), (new(null, [Scopes.Admin]), Scopes.Admin)])
        {
            await using var db = service.Database.Open(caller);
            var answer = await CreateKey.Handle(request, caller, db, TimeProvider.System, default);
            var problem = Assert.IsType<Problem>(answer.Result);
            Assert.Equal("auth.scope", problem.Fault.Code);
            Assert.Contains(lacks, problem.Fault.Detail);
            Assert.Empty(db.ApiKeys);
        }
    }

    [Fact]
    public async Task Keys_of_another_tenant_do_not_exist()
    {
        await using var service = await TestService.Start();
        var (_, key, _) = await service.Client("a", Scopes.StudiesRead);
        var (admin, own, _) = await service.Client("b", Scopes.Admin);
        var id = key.Split('_')[1];
        await CallerTests.Refused(await admin.DeleteAsync($"/api/v1/keys/{id}"), 404, "not_found");
        await CallerTests.Refused(await admin.PostAsync($"/api/v1/keys/{id}/rotate", null), 404, "not_found");
        var listed = await admin.GetFromJsonAsync<KeyList>("/api/v1/keys", Json.Options);
        Assert.Equal(own.Split('_')[1], Assert.Single(listed!.Items).KeyId);
    }

    private static async Task<CreatedKeyDocument> Make(HttpClient admin, CreateKeyRequest request)
    {
        using var answer = await admin.PostAsJsonAsync("/api/v1/keys", request);
        Assert.Equal(201, (int)answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<CreatedKeyDocument>(Json.Options))!;
    }

    private static HttpClient With(TestService service, string key) =>
        new() { BaseAddress = service.Anonymous.BaseAddress, DefaultRequestHeaders = { { ApiKeyAuthentication.Header, key } } };
}
