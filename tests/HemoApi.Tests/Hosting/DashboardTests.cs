using HemoApi.Hosting;

namespace HemoApi.Tests.Hosting;

public sealed class DashboardTests
{
    [Fact]
    public async Task The_queues_dashboard_is_off_unless_it_is_asked_for_and_then_only_admin_may_read_it()
    {
        await using var service = await TestService.Start(settings: ["--Hosting:Dashboard=true"]);
        await CallerTests.Refused(await service.Anonymous.GetAsync("/hangfire"), 401, "auth.invalid");
        foreach (var scope in Scopes.All.Where(s => s != Scopes.Admin))
        {
            var (client, _, _) = await service.Client("a", scope);
            await CallerTests.Refused(await client.GetAsync("/hangfire"), 403, "auth.scope");
            await CallerTests.Refused(await client.GetAsync("/hangfire/recurring"), 403, "auth.scope");
        }

        var (admin, _, _) = await service.Client("a", Scopes.Admin);
        Assert.Contains("retention", await admin.GetStringAsync("/hangfire/recurring"));
        using var change = await admin.PostAsync("/hangfire/recurring/remove", new FormUrlEncodedContent([new("jobs[]", "retention")]));
        Assert.False(change.IsSuccessStatusCode);
        Assert.Contains("retention", await admin.GetStringAsync("/hangfire/recurring"));

        await using var off = await TestService.Start();
        var (other, _, _) = await off.Client("a", Scopes.Admin);
        Assert.Equal(404, (int)(await other.GetAsync("/hangfire")).StatusCode);
    }
}
