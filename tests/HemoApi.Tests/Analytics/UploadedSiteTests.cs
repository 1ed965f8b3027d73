using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Analytics;

public sealed class UploadedSiteTests
{
    [Fact]
    public async Task The_site_that_an_upload_names_and_the_model_that_measured_it_reach_the_statistics()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (study, job) = await client.Upload(new HeadStudy().Zip(), "?site=Klinik%20S%C3%BCd-2");
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());

        Assert.Equal("Klinik Süd-2", (await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{study}")).GetProperty("site").GetString());
        var results = await client.Results(study);
        var bySite = await Ich(client, "groupBy=site&site=Klinik%20S%C3%BCd-2");
        Assert.Equal(("Klinik Süd-2", 1), (bySite.GetProperty("group").GetString(), bySite.GetProperty("positives").GetInt32()));
        Assert.Equal(results.GetProperty("totalVolumeMl").GetDouble(), bySite.GetProperty("sumMl").GetDouble(), 1e-9);
        Assert.Equal(bySite.GetProperty("sumMl").GetDouble(), bySite.GetProperty("percentilesMl").GetProperty("p50").GetDouble(), 1e-9);
        var byModel = (await Ich(client, "groupBy=model")).GetProperty("model");
        Assert.Equal(results.GetProperty("model").ToString(), byModel.ToString());
        Assert.Equal($"{DateTime.UtcNow:yyyy-MM}", (await Ich(client, "groupBy=month")).GetProperty("group").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("=cmd")]
    [InlineData("a,b")]
    [InlineData("a%0Ab")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public async Task A_site_that_is_no_short_name_is_refused(string site)
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        await CallerTests.Refused(await client.PostZip(new HeadStudy().Zip(), $"?site={site}"), 400, "request.invalid");
    }

    private static async Task<JsonElement> Ich(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/analytics/volumes?{query}"))
            .GetProperty("groups").EnumerateArray().Single(g => g.GetProperty("type").GetString() == "ICH");
}
