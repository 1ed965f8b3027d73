using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace HemoApi.Tests.Hosting;

/// <summary>Every endpoint of the service × no credentials, each single scope, all scopes, a foreign tenant. The table says what each endpoint needs; an
/// endpoint that is not in it fails.</summary>
public sealed class SecurityMatrixTests
{
    private const string Anyone = "anyone";

    /// <summary>Paths whose id is not a study's.</summary>
    private static readonly (string Path, string Id)[] OwnIds = [("jobs", "job"), ("evaluations", "evaluation"), ("queries", "query"), ("webhooks", "webhook")];

    /// <summary>By operation: the scope, and a body where the endpoint takes one. {study} and so on are ids of tenant a.</summary>
    private static readonly Dictionary<string, (string Scope, string? Body)> Table = new()
    {
        ["getLiveness"] = (Anyone, null),
        ["getReadiness"] = (Anyone, null),
        ["Prometheus metrics"] = (Scopes.Admin, null),
        ["uploadStudy"] = (Scopes.StudiesWrite, ""),
        ["listStudies"] = (Scopes.StudiesRead, null),
        ["getStudy"] = (Scopes.StudiesRead, null),
        ["deleteStudy"] = (Scopes.StudiesWrite, null),
        ["getResults"] = (Scopes.StudiesRead, null),
        ["scoreIch"] = (Scopes.StudiesRead, """{"studyId": "{study}"}"""),
        ["compareStudies"] = (Scopes.StudiesRead, null),
        ["getMask"] = (Scopes.StudiesRead, null),
        ["getImage"] = (Scopes.StudiesRead, null),
        ["uploadReference"] = (Scopes.EvaluationsWrite, ""),
        ["listReferences"] = (Scopes.StudiesRead, null),
        ["getReference"] = (Scopes.StudiesRead, null),
        ["getReferenceMask"] = (Scopes.StudiesRead, null),
        ["getConsensus"] = (Scopes.StudiesRead, null),
        ["deleteReference"] = (Scopes.EvaluationsWrite, null),
        ["createEvaluation"] = (Scopes.EvaluationsWrite, """{"reference": "r1", "studies": [{"studyId": "{study}"}]}"""),
        ["listEvaluations"] = (Scopes.StudiesRead, null),
        ["getEvaluation"] = (Scopes.StudiesRead, null),
        ["deleteEvaluation"] = (Scopes.EvaluationsWrite, null),
        ["getEvaluationResults"] = (Scopes.StudiesRead, null),
        ["getEvaluationCases"] = (Scopes.StudiesRead, null),
        ["getEvaluationStatistics"] = (Scopes.StudiesRead, null),
        ["getEvaluationCasesParquet"] = (Scopes.StudiesRead, null),
        ["getEvaluationStatisticsParquet"] = (Scopes.StudiesRead, null),
        ["getEvaluationReport"] = (Scopes.StudiesRead, null),
        ["getEvaluationPlot"] = (Scopes.StudiesRead, null),
        ["getEvaluationPlotPng"] = (Scopes.StudiesRead, null),
        ["listShadowRuns"] = (Scopes.EvaluationsWrite, null),
        ["exportShadowRuns"] = (Scopes.EvaluationsWrite, null),
        ["getJob"] = (Scopes.StudiesRead, null),
        ["streamJobEvents"] = (Scopes.StudiesRead, null),
        ["cancelJob"] = (Scopes.StudiesWrite, null),
        ["retryJob"] = (Scopes.StudiesWrite, null),
        ["listModels"] = (Scopes.StudiesRead, null),
        ["getModel"] = (Scopes.StudiesRead, null),
        ["getVolumeStatistics"] = (Scopes.StudiesRead, null),
        ["exportResults"] = (Scopes.StudiesRead, null),
        ["saveQuery"] = (Scopes.EvaluationsWrite, """{"name": "all", "filter": {}}"""),
        ["listQueries"] = (Scopes.StudiesRead, null),
        ["getQuery"] = (Scopes.StudiesRead, null),
        ["deleteQuery"] = (Scopes.EvaluationsWrite, null),
        ["listChanges"] = (Scopes.StudiesRead, null),
        ["createWebhook"] = (Scopes.Admin, """{"url": "https://hospital.example/hemo"}"""),
        ["listWebhooks"] = (Scopes.Admin, null),
        ["getWebhook"] = (Scopes.Admin, null),
        ["deleteWebhook"] = (Scopes.Admin, null),
        ["listDeliveries"] = (Scopes.Admin, null),
        ["createKey"] = (Scopes.Admin, """{"scopes": []}"""),
        ["listKeys"] = (Scopes.Admin, null),
        ["rotateKey"] = (Scopes.Admin, null),
        ["revokeKey"] = (Scopes.Admin, null),
        ["getRetention"] = (Scopes.Admin, null),
        ["setRetention"] = (Scopes.Admin, """{"studyDays": 365}"""),
        ["listAudit"] = (Scopes.Admin, null),
        ["exportAudit"] = (Scopes.Admin, null),
    };

    [Fact]
    public async Task Every_endpoint_lets_in_exactly_who_it_should_and_shows_no_tenant_anything_of_another()
    {
        await using var service = await TestService.Start();
        var ids = await Fill(service);
        var (own, _, _) = await service.Client("a", [.. Scopes.All]);
        var (foreign, _, _) = await service.Client("b", [.. Scopes.All]);

        // Its own trail holds nothing that it has asked for itself.
        var (auditor, _, _) = await service.Client("d", [.. Scopes.All]);
        var scoped = new Dictionary<string, HttpClient>();
        foreach (var scope in Scopes.All)
        {
            scoped[scope] = (await service.Client("c", scope)).Client;
        }

        var endpoints = Endpoints(service);
        Assert.Equal(Table.Keys.Order(), endpoints.Select(Name).Order());
        List<string> wrong = [];
        foreach (var endpoint in endpoints)
        {
            var (scope, body) = Table[Name(endpoint)];
            var anonymous = await Send(service.Anonymous, endpoint, ids, body);
            Expect(endpoint, "no credentials", scope == Anyone ? anonymous is 200 : anonymous is 401, anonymous);
            foreach (var (held, client) in scoped)
            {
                // Another tenant's ids, so that nothing changes: who gets in finds nothing.
                var status = await Send(client, endpoint, ids, body);
                var allowed = scope == Anyone || held == scope || held == Scopes.Admin;
                Expect(endpoint, held, allowed ? status is not (401 or 403) : status == 403, status);
            }

            var path = endpoint.RoutePattern.RawText!;
            var namesOne = endpoint.RoutePattern.Parameters.Any(p => p.Name != "plot") && Name(endpoint) != "getModel";
            var found = await Send(path.Contains("/audit", StringComparison.Ordinal) ? auditor : foreign, endpoint, ids, body, out var text);
            var (bodyNamesOne, isRead) = (body?.Contains("{study}", StringComparison.Ordinal) == true, Method(endpoint) == HttpMethod.Get);
            Expect(endpoint, "foreign tenant", namesOne || bodyNamesOne ? found == 404 : !ids.Values.Any(id => text().Contains(id, StringComparison.OrdinalIgnoreCase)), found);
            if (isRead && namesOne)
            {
                // The same ids are there for their own tenant: else all this would prove nothing.
                var mine = await Send(own, endpoint, ids, body);
                Expect(endpoint, "own tenant", mine is 200 or 400 or 422, mine);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        void Expect(RouteEndpoint endpoint, string who, bool holds, int status)
        {
            if (!holds)
            {
                wrong.Add($"{Name(endpoint)} ({Method(endpoint)} {endpoint.RoutePattern.RawText}) answers {who} by {status}");
            }
        }
    }

    private static List<RouteEndpoint> Endpoints(TestService service) =>
        [.. service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static string Name(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? (endpoint.RoutePattern.RawText == "/metrics" ? "Prometheus metrics" : endpoint.DisplayName!);

    private static HttpMethod Method(RouteEndpoint endpoint) => new(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET");

    private static async Task<int> Send(HttpClient client, RouteEndpoint endpoint, Dictionary<string, string> ids, string? body) => await Send(client, endpoint, ids, body, out _);

    private static Task<int> Send(HttpClient client, RouteEndpoint endpoint, Dictionary<string, string> ids, string? body, out Func<string> text)
    {
        var path = endpoint.RoutePattern.RawText!;
        var id = ids[OwnIds.FirstOrDefault(o => path.Contains($"/{o.Path}/", StringComparison.Ordinal), (Path: "", Id: "study")).Id];
        path = path.Contains("/models/", StringComparison.Ordinal) ? path.Replace("{id}", TestModel.Id, StringComparison.Ordinal) : path;
        path = path.Replace("{id:guid}", id, StringComparison.Ordinal)
            .Replace("{referenceId:guid}", ids["reference"], StringComparison.Ordinal)
            .Replace("{keyId}", ids["key"], StringComparison.Ordinal)
            .Replace("{plot}", "dice", StringComparison.Ordinal);
        var content = "";
        text = () => content;
        return Answer();

        async Task<int> Answer()
        {
            using var request = new HttpRequestMessage(Method(endpoint), Name(endpoint) == "compareStudies" ? $"{path}?baseline={ids["study"]}" : path);
            if (body is not null)
            {
                request.Content = new StringContent(body.Replace("{study}", ids["study"], StringComparison.Ordinal), Encoding.UTF8);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(body.Length > 0 ? "application/json" : Name(endpoint) == "uploadStudy" ? "application/zip" : "application/gzip");
            }

            using var response = await client.SendAsync(request);
            content = await response.Content.ReadAsStringAsync();
            return (int)response.StatusCode;
        }
    }

    /// <summary>One of everything for tenant a.</summary>
    private static async Task<Dictionary<string, string>> Fill(TestService service)
    {
        var (writer, key, tenant) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (study, job) = await writer.Upload(new HeadStudy().Zip());
        Assert.Equal("succeeded", (await writer.JobEnded(job)).Status());
        await using var db = service.Database.OpenAsSystem();
        var now = DateTimeOffset.UtcNow;
        var reference = new ReferenceMask
        {
            TenantId = tenant.Id, StudyId = study, Reader = "r1", Format = "nifti", Status = ResultStatus.Complete, IchMl = 1, EdhMl = 0, SdhMl = 0, CreatedAt = now,
        };
        var evaluation = new Evaluation
        {
            TenantId = tenant.Id, Name = "e", Reference = "r1", ModelId = null, OtherModelId = null, Cases = [new CohortCase(study)], CreatedAt = now, Status = JobStatus.Succeeded, Progress = 1,
        };
        var query = new SavedQuery { TenantId = tenant.Id, Name = "q", Filter = new(null, null, null, null, null, null), CreatedAt = now };
        var webhook = new Webhook { TenantId = tenant.Id, Url = "https://hospital.example/", Secret = [1], Events = [], CreatedAt = now };
        db.AddRange(reference, evaluation, query, webhook);
        await db.SaveChangesAsync();
        string[] files = ["results.json", "cases.csv", "statistics.csv", "cases.parquet", "statistics.parquet", "report.html", "plots/dice.svg", "plots/dice.png"];
        foreach (var blob in files.Select(f => BlobKeys.EvaluationFile(evaluation.Id, f)).Append(BlobKeys.ReferenceMask(study, reference.Id)))
        {
            await service.Blobs.Put(blob, (stream, ct) => stream.WriteAsync("{}"u8.ToArray(), ct).AsTask(), default);
        }

        return new()
        {
            ["study"] = study.ToString(), ["job"] = job.ToString(), ["reference"] = reference.Id.ToString(), ["evaluation"] = evaluation.Id.ToString(), ["query"] = query.Id.ToString(), ["webhook"] = webhook.Id.ToString(), ["key"] = key.Split('_')[1],
        };
    }
}
