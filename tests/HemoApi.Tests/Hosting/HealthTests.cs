using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace HemoApi.Tests.Hosting;

/// <summary>What an orchestrator asks before it sends anyone here.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_well_service_is_ready_and_names_what_it_has_looked_at()
    {
        await using var service = await TestService.Start();
        var ready = await service.Anonymous.GetFromJsonAsync<JsonElement>("/health/ready");
        Assert.Equal("healthy", ready.Status());
        Assert.Equal(["blobs", "database", "disk", "model"], ready.GetProperty("checks").EnumerateObject().Select(c => c.Name).Order());
    }

    [Fact]
    public async Task Without_its_blobs_a_service_lives_and_is_not_ready_until_they_are_back()
    {
        var (started, blobs) = await SwitchedBlobStore.Start();
        await using var service = started;
        blobs.IsAway = true;
        await NotReady(service, "blobs");
        blobs.IsAway = false;
        using var ready = await service.Anonymous.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Without_room_for_uploads_a_service_lives_and_is_not_ready()
    {
        await using var service = await TestService.Start(settings: [$"--Intake:MinFreeDiskBytes={long.MaxValue}"]);
        await NotReady(service, "disk");
    }

    private static async Task NotReady(TestService service, string because)
    {
        using var live = await service.Anonymous.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var ready = await service.Anonymous.GetAsync("/health/ready");
        Assert.Contains($"Not ready: {because}.", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await CallerTests.Refused(ready, 503, "dependency.unavailable");
    }
}
