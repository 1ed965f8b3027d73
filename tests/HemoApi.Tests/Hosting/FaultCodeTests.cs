using System.Reflection;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Hosting;

/// <summary>The contract's table of codes, written down a second time: a changed status or a forgotten code fails here.</summary>
public sealed class FaultCodeTests
{
    private static readonly Dictionary<int, string[]> Contract = new()
    {
        [400] = ["upload.empty", "upload.truncated", "zip.invalid", "request.invalid"],
        [401] = ["auth.invalid"],
        [403] = ["auth.scope"],
        [404] = ["not_found"],
        [409] = ["idempotency.in_progress", "job.not_ready", "job.state", "comparison.model_differs", "reference.exists", "evaluation.not_ready", "query.exists", "webhook.limit"],
        [410] = ["gone", "changes.expired"],
        [413] = ["upload.too_large"],
        [415] = ["media.unsupported"],
        [422] =
        [
            "zip.unsafe", "zip.encrypted", "zip.corrupt", "dicom.none", "dicom.malformed", "dicom.transfer_syntax", "dicom.polyglot",
            "series.not_ct", "series.none_eligible", "study.mixed", "geometry.duplicate_position", "geometry.missing_slice",
            "geometry.uneven_spacing", "geometry.inconsistent_orientation", "idempotency.mismatch", "model.unknown",
            "comparison.patient_differs", "comparison.patient_unknown",
            "nifti.invalid", "nifti.unsupported", "reference.labels", "reference.grid_mismatch", "evaluation.empty", "webhook.target",
        ],
        [429] = ["auth.too_many_failures", "quota.exceeded"],
        [500] = ["internal", "storage.missing"],
        [503] = ["queue.full", "dependency.unavailable"],
        [507] = ["storage.full"],
    };

    /// <summary>These are errors of a job and never the answer to a request.</summary>
    private static readonly string[] JobErrors =
        ["inference.out_of_memory", "inference.invalid_output", "model.integrity", "job.dead_lettered", "job.timeout"];

    public static TheoryData<string, int> Codes => [.. Contract.SelectMany(row => row.Value.Select(code => (code, row.Key)))];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task A_code_leaves_as_a_problem_of_its_status_with_title_detail_and_remedy(string code, int status)
    {
        var context = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions)).BuildServiceProvider(),
            Response = { Body = new MemoryStream() },
        };
        await new Fault(code, "What is wrong.", "What to do.").ToProblem().ExecuteAsync(context);

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal("application/problem+json", context.Response.ContentType);
        Assert.Equal(status is 429 or 503 or 507, int.TryParse(context.Response.Headers.RetryAfter, out var seconds) && seconds > 0);
        context.Response.Body.Position = 0;
        var problem = (await JsonDocument.ParseAsync(context.Response.Body)).RootElement;
        Assert.Equal($"urn:problem-type:hemoapi:{code}", problem.GetProperty("type").GetString());
        Assert.Equal((code, status), (problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32()));
        Assert.Equal(("What is wrong.", "What to do."), (problem.GetProperty("detail").GetString(), problem.GetProperty("remedy").GetString()));
        Assert.True(problem.GetProperty("title").GetString() is { Length: > 0 } && problem.GetProperty("traceId").GetString() is { Length: > 0 });
    }

    [Fact]
    public void Every_code_is_in_the_contract_as_an_answer_or_as_an_error_of_a_job()
    {
        var codes = typeof(FaultCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);
        Assert.Equal(Contract.Values.SelectMany(c => c).Concat(JobErrors).Order(), codes.Order());
    }
}
