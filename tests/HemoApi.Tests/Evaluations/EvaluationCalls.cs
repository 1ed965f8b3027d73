using System.Net.Http.Json;
using System.Text.Json;

namespace HemoApi.Tests.Evaluations;

internal static class EvaluationCalls
{
    public static Task<HttpResponseMessage> PostEvaluation(this HttpClient client, object request) => client.PostAsJsonAsync("/api/v1/evaluations", request);

    /// <summary>The evaluation once it has ended.</summary>
    public static async Task<JsonElement> EvaluationEnded(this HttpClient client, string path)
    {
        var limit = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            var document = await client.GetFromJsonAsync<JsonElement>($"{path}?waitSeconds=1");
            if (document.Status() is not ("queued" or "running"))
            {
                return document;
            }

            Assert.True(DateTime.UtcNow < limit, $"the evaluation stays {document.Status()}");
        }
    }

    /// <summary>A new evaluation that succeeds.</summary>
    public static async Task<JsonElement> Evaluate(this HttpClient client, object request)
    {
        using var answer = await client.PostEvaluation(request);
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True((int)answer.StatusCode == 202, document.ToString());
        var ended = await client.EvaluationEnded(answer.Headers.Location!.ToString());
        Assert.True(ended.Status() == "succeeded", ended.ToString());
        return ended;
    }
}
