using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;

namespace HemoApi.Tests.Hosting;

public sealed class TraceTests
{
    [Fact]
    public async Task A_problem_names_the_trace_that_its_caller_is_in()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", Scopes.StudiesRead);
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/jobs/{Guid.NewGuid()}") { Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-01" } } };
        using var answer = await client.SendAsync(request);

        Assert.Equal(trace, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("traceId").GetString());
    }
}
