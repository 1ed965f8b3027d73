using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace HemoApi.Tests.Hosting;

/// <summary>The API document as clients are generated from it.</summary>
public sealed class ApiDocumentTests(ApiDocumentTests.Fixture fixture) : IClassFixture<ApiDocumentTests.Fixture>
{
    private static readonly string[] Public = ["getLiveness", "getReadiness"];
    private readonly JsonElement _document = fixture.Document;

    private IEnumerable<(string Path, JsonElement Operation)> Operations =>
        from path in _document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Value);

    [Fact]
    public void Every_operation_says_what_it_is_and_who_may_call_it()
    {
        var tags = _document.GetProperty("tags").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("description").GetString());
        var everywhere = Schemes(_document);
        Assert.Equal(["apiKey", "bearer"], everywhere);
        Assert.Equal(everywhere, _document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(s => s.Name));
        var ids = new HashSet<string>();
        Assert.All(Operations, item =>
        {
            var operation = item.Operation;
            Assert.True(ids.Add(operation.GetProperty("operationId").GetString()!));
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("description").GetString()!);
            Assert.NotEmpty(tags[operation.GetProperty("tags").EnumerateArray().Single().GetString()!]!);
            var schemes = operation.TryGetProperty("security", out _) ? Schemes(operation) : everywhere;
            Assert.Equal(Public.Contains(operation.GetProperty("operationId").GetString()), schemes.Length == 0);
        });
        Assert.True(ids.Count >= 15);
    }

    [Fact]
    public void Every_refusal_of_every_operation_is_a_problem_with_an_example_of_each_of_its_codes()
    {
        Assert.All(Operations, item =>
        {
            var refusals = item.Operation.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5').ToList();
            Assert.Contains(refusals, r => r.Name == "500");
            Assert.Equal(Public.Contains(item.Operation.GetProperty("operationId").GetString()), refusals.All(r => r.Name != "401"));
            Assert.All(refusals, refusal =>
            {
                var content = Assert.Single(refusal.Value.GetProperty("content").EnumerateObject());
                Assert.Equal("application/problem+json", content.Name);
                Assert.Equal("#/components/schemas/ProblemDocument", content.Value.GetProperty("schema").GetProperty("$ref").GetString());
                Assert.All(content.Value.GetProperty("examples").EnumerateObject(), example =>
                {
                    var problem = Resolve(example.Value).GetProperty("value");
                    Assert.Equal(example.Name, problem.GetProperty("code").GetString());
                    Assert.Equal(refusal.Name, problem.GetProperty("status").ToString());
                    Assert.All(["title", "detail", "remedy"], name => Assert.NotEmpty(problem.GetProperty(name).GetString()!));
                    Assert.Contains($"`{example.Name}`", refusal.Value.GetProperty("description").GetString());
                });
                Assert.Equal(refusal.Name is "429" or "503" or "507", refusal.Value.TryGetProperty("headers", out var headers) && headers.TryGetProperty("Retry-After", out _));
            });
        });
    }

    [Fact]
    public void Every_other_body_has_an_example()
    {
        var answers = Operations.SelectMany(o => o.Operation.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] == '2').Select(r => r.Value));
        var requests = Operations.Where(o => o.Operation.TryGetProperty("requestBody", out _)).Select(o => o.Operation.GetProperty("requestBody"));
        var bodies = answers.Concat(requests).Where(b => b.TryGetProperty("content", out _)).SelectMany(b => b.GetProperty("content").EnumerateObject()).ToList();

        Assert.True(bodies.Count >= 16);
        Assert.All(bodies, body => Assert.NotEqual("null", body.Value.GetProperty("example").GetRawText()));
    }

    [Fact]
    public void The_upload_can_be_refused_with_every_code_of_an_upload()
    {
        var upload = Operations.Single(o => o.Operation.GetProperty("operationId").GetString() == "uploadStudy").Operation;
        var documented = upload.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5')
            .SelectMany(r => r.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples").EnumerateObject().Select(e => e.Name));
        Assert.Superset(
            new HashSet<string> { FaultCodes.ZipUnsafe, FaultCodes.StudyMixed, FaultCodes.GeometryMissingSlice, FaultCodes.UploadTooLarge, FaultCodes.StorageFull },
            documented.ToHashSet());
    }

    [Fact]
    public async Task The_served_document_and_its_page_hold_behind_any_host_and_prefix()
    {
        using var answer = await fixture.Service.Anonymous.GetAsync("/openapi/v1.yaml");
        var yaml = await answer.Content.ReadAsStringAsync();
        var server = yaml.Split('\n').SkipWhile(line => line.Trim() != "servers:").Skip(1).First().Split("url:")[1].Trim(' ', '\'', '"');
        Assert.Equal("https://hospital.example/imaging/hemo/", new Uri(new Uri("https://hospital.example/imaging/hemo/openapi/v1.yaml"), server).ToString());
        var page = await fixture.Service.Anonymous.GetStringAsync("/swagger/index.js");
        Assert.Contains("../openapi/v1.yaml", page);
        Assert.DoesNotContain("\"/openapi", page);
    }

    [Fact]
    public void Descriptions_do_not_break_in_the_middle_of_a_sentence() =>
        Assert.All(_document.GetProperty("components").GetProperty("schemas").EnumerateObject(), schema => Assert.DoesNotContain("\\n ", schema.Value.GetRawText()));

    private static string[] Schemes(JsonElement holder) =>
        [.. holder.GetProperty("security").EnumerateArray().SelectMany(s => s.EnumerateObject().Select(p => p.Name))];

    private JsonElement Resolve(JsonElement example) => !example.TryGetProperty("$ref", out var reference)
        ? example
        : reference.GetString()!.Split('/').Skip(1).Aggregate(_document, (at, name) => at.GetProperty(name));

    public sealed class Fixture : IAsyncLifetime
    {
        internal TestService Service { get; private set; } = null!;

        public JsonElement Document { get; private set; }

        public async ValueTask InitializeAsync()
        {
            Service = await TestService.Start();
            var document = Service.Services.GetRequiredService<ISwaggerProvider>().GetSwagger("v1");
            Document = JsonDocument.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1)).RootElement;
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
