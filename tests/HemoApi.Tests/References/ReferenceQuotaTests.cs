using HemoApi.Hosting;
using HemoApi.Storage;
using HemoApi.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.References;

/// <summary>Reference masks in the bytes that a tenant may have stored.</summary>
public sealed class ReferenceQuotaTests
{
    private static readonly string[] All = [Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite];

    [Fact]
    public async Task A_mask_counts_by_its_stored_bytes_until_it_or_its_study_is_deleted()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        var before = await StoredBytes(service, tenant);
        var first = await client.AddReference(study, ReferenceCalls.Drawn(), "?reader=r1");
        var mask = (await client.GetByteArrayAsync(first.Link("mask"))).Length;
        Assert.Equal(before + mask, await StoredBytes(service, tenant));

        using var deleted = await client.DeleteAsync(first.Link("self"));
        Assert.Equal(before, await StoredBytes(service, tenant));
        await client.AddReference(study, ReferenceCalls.Drawn(), "?reader=r1");
        await client.AddReference(study, ReferenceCalls.Drawn(beyondMm: 1), "?reader=r2");
        Assert.True(await StoredBytes(service, tenant) > before + mask);
        using var erased = await client.DeleteAsync($"/api/v1/studies/{study}");
        Assert.Equal(0, await StoredBytes(service, tenant));
    }

    [Fact]
    public async Task A_mask_that_there_is_no_room_for_is_refused_and_leaves_nothing_behind()
    {
        var first = await TestService.Start();
        var (client, key, tenant) = await first.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        var before = await StoredBytes(first, tenant);
        var folder = await first.Stop();

        await using var service = await TestService.Start(folder: folder, settings: [$"--Quotas:Tenants:a:StoredBytes={before}"]);
        using var again = new HttpClient { BaseAddress = service.Anonymous.BaseAddress, DefaultRequestHeaders = { { ApiKeyAuthentication.Header, key } } };
        var blobs = TestStorage.Blobs(folder);
        await CallerTests.Refused(await again.PostReference(study, ReferenceCalls.Drawn().Nifti()), 429, "quota.exceeded");
        Assert.Equal(before, await StoredBytes(service, tenant));
        Assert.Equal(blobs, TestStorage.Blobs(folder));
        await using var db = service.Database.OpenAsSystem();
        Assert.False(await db.References.AnyAsync());
    }

    private static async Task<long> StoredBytes(TestService service, Tenant tenant)
    {
        await using var db = service.Database.OpenAsSystem();
        return await db.Tenants.Where(t => t.Id == tenant.Id).Select(t => t.StoredBytes).SingleAsync();
    }
}
