using System.Net;
using System.Text.RegularExpressions;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Tests.Studies;

/// <summary>Who may see an uploaded study, on every route that the service has, those of tomorrow included.</summary>
public sealed partial class UploadTenantTests(UploadTests.Fixture fixture) : IClassFixture<UploadTests.Fixture>
{
    private readonly UploadHost _host = fixture.Host;

    [Fact]
    public async Task On_every_route_a_study_or_job_of_another_tenant_is_answered_as_one_that_does_not_exist()
    {
        var document = await _host.Accept(ZipIntakeForge.Zip(IntakeSlice.Stack(8)));
        var (study, job) = (document.GetProperty("studyId").GetGuid(), document.GetProperty("jobId").GetGuid());
        using var stranger = _host.ClientOf(await _host.MakeKey("other", [.. Scopes.All]));
        var routes = _host.Routes.Where(r => r.Pattern.Contains("{id:guid}", StringComparison.Ordinal)).ToArray();
        Assert.Contains((HttpMethod.Delete, "/api/v1/studies/{id:guid}"), routes);
        Assert.Contains((HttpMethod.Post, "/api/v1/jobs/{id:guid}/cancel"), routes);

        var before = await _host.Remains();
        foreach (var (method, pattern) in routes)
        {
            var foreign = await Ask(stranger, method, pattern, pattern.Contains("/jobs/", StringComparison.Ordinal) ? job : study);
            Assert.Equal(await Ask(stranger, method, pattern, Guid.NewGuid()), foreign);
        }

        Assert.Equal(before, await _host.Remains());
        using var own = await _host.Client.GetAsync(document.GetProperty("links").GetProperty("job").GetString());
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.DoesNotContain("cancelled", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_route_answers_without_a_right_key_or_with_a_key_without_scopes()
    {
        using var nobody = new HttpClient { BaseAddress = _host.Address };
        using var wrong = _host.ClientOf(_host.Key[..^4] + "AAAA");
        using var powerless = _host.ClientOf(await _host.MakeKey(FirstStart.DefaultTenant));
        Assert.NotEmpty(_host.Routes);
        foreach (var (method, pattern) in _host.Routes)
        {
            await Refused(nobody, method, pattern, 401, FaultCodes.AuthInvalid);
            await Refused(wrong, method, pattern, 401, FaultCodes.AuthInvalid);
            await Refused(powerless, method, pattern, 403, FaultCodes.AuthScope);
        }
    }

    /// <summary>The 404, as text, without what differs between any two answers.</summary>
    private static async Task<string> Ask(HttpClient client, HttpMethod method, string pattern, Guid id)
    {
        using var answer = await client.SendAsync(new HttpRequestMessage(method, PathOf(pattern, id)));
        var problem = await UploadHost.ReadProblem(answer, 404, FaultCodes.NotFound);
        return string.Join('\n', problem.EnumerateObject().Where(p => p.Name != "traceId").Select(p => $"{p.Name}: {p.Value}"));
    }

    private static async Task Refused(HttpClient client, HttpMethod method, string pattern, int status, string code)
    {
        using var answer = await client.SendAsync(new HttpRequestMessage(method, PathOf(pattern, Guid.NewGuid())));
        await UploadHost.ReadProblem(answer, status, code);
    }

    private static string PathOf(string pattern, Guid id) => Parameter().Replace(pattern, id.ToString());

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
