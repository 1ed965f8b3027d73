using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.Hosting;

public sealed class CallerTests
{
    [Fact]
    public async Task Only_a_right_key_with_the_scope_gets_in()
    {
        await using var service = await TestService.Start();
        var (reader, key, _) = await service.Client("a", Scopes.StudiesRead);

        await Refused(await service.Anonymous.GetAsync("/api/v1/studies"), 401, "auth.invalid");
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("/api/v1/studies")).StatusCode);
        await Refused(await reader.DeleteAsync($"/api/v1/studies/{Guid.NewGuid()}"), 403, "auth.scope");

        var wrong = key[..^1] + (key[^1] == 'A' ? 'E' : 'A');
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/studies") { Headers = { { "Authorization", $"Bearer {wrong}" } } };
        await Refused(await service.Anonymous.SendAsync(request), 401, "auth.invalid");
        request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/studies") { Headers = { { "Authorization", $"Bearer {key}" } } };
        Assert.Equal(HttpStatusCode.OK, (await service.Anonymous.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_revoked_key_stops_at_once()
    {
        await using var service = await TestService.Start();
        var (client, key, _) = await service.Client("a", Scopes.StudiesRead);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/studies")).StatusCode);
        await using var db = service.Database.OpenAsSystem();
        await db.ApiKeys.Where(k => k.KeyId == key.Split('_')[1])
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, DateTimeOffset.UtcNow));
        await Refused(await client.GetAsync("/api/v1/studies"), 401, "auth.invalid");
    }

    [Fact]
    public async Task Another_tenants_study_and_job_do_not_exist()
    {
        await using var service = await TestService.Start();
        var (mine, _, tenant) = await service.Client("a", Scopes.StudiesRead);
        var (theirs, _, _) = await service.Client("b", Scopes.StudiesRead, Scopes.StudiesWrite);
        var job = await service.AddStudy(tenant);

        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync($"/api/v1/jobs/{job.Id}")).StatusCode);
        await Refused(await theirs.GetAsync($"/api/v1/jobs/{job.Id}"), 404, "not_found");
        await Refused(await theirs.GetAsync($"/api/v1/studies/{job.StudyId}"), 404, "not_found");
        await Refused(await theirs.GetAsync($"/api/v1/studies/{job.StudyId}/results"), 404, "not_found");
        await Refused(await theirs.DeleteAsync($"/api/v1/studies/{job.StudyId}"), 404, "not_found");
        Assert.Empty((await theirs.GetFromJsonAsync<JsonElement>("/api/v1/studies")).GetProperty("items").EnumerateArray());
    }

    internal static async Task Refused(HttpResponseMessage response, int status, string code)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.All(["type", "title", "detail", "remedy", "traceId"], name => Assert.NotEqual("", problem.GetProperty(name).GetString()));
    }
}
