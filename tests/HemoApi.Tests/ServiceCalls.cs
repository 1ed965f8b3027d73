using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace HemoApi.Tests;

/// <summary>The calls of the round trip, as a client makes them.</summary>
internal static class ServiceCalls
{
    public static async Task<HttpResponseMessage> PostZip(this HttpClient client, byte[] zip, string query = "")
    {
        var content = new ByteArrayContent(zip);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return await client.PostAsync($"/api/v1/studies{query}", content);
    }

    public static async Task<(Guid Study, Guid Job)> Upload(this HttpClient client, byte[] zip, string query = "")
    {
        using var answer = await client.PostZip(zip, query);
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True((int)answer.StatusCode == 202, document.ToString());
        return (document.GetProperty("studyId").GetGuid(), document.GetProperty("jobId").GetGuid());
    }

    public static Task<JsonElement> Job(this HttpClient client, Guid job, int waitSeconds = 0) =>
        client.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job}?waitSeconds={waitSeconds}", TestContext.Current.CancellationToken);

    public static string Status(this JsonElement document) => document.GetProperty("status").GetString()!;

    /// <summary>The job once its status is none of these.</summary>
    public static async Task<JsonElement> JobAfter(this HttpClient client, Guid job, params string[] statuses)
    {
        var limit = DateTime.UtcNow.AddSeconds(60);
        var document = await client.Job(job);
        while (statuses.Contains(document.Status()))
        {
            Assert.True(DateTime.UtcNow < limit, $"the job stays {document.Status()}");
            // Short, because a wait is for the next change: what changed just before it began is seen only by the next request.
            document = await client.Job(job, waitSeconds: 1);
        }

        return document;
    }

    public static Task<JsonElement> JobEnded(this HttpClient client, Guid job) => client.JobAfter(job, "queued", "running");

    public static Task<JsonElement> Results(this HttpClient client, Guid study) =>
        client.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{study}/results");
}
