using System.Globalization;
using System.Text.Json;
using HemoApi.Audit;
using HemoApi.Imaging;
using HemoApi.Jobs;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace HemoApi.Hosting;

/// <summary>Adds each operation's refusals: one response a status, with an example for each of its codes.</summary>
public sealed class ProblemResponses : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var anonymous = metadata.OfType<IAllowAnonymous>().Any();
        string[] always = anonymous ? [FaultCodes.Internal] : [FaultCodes.AuthInvalid, FaultCodes.AuthScope, FaultCodes.AuthTooManyFailures, FaultCodes.Internal];
        if (metadata.OfType<AuditDecision>().Any(d => d.Action is not null))
        {
            always = [.. always, FaultCodes.DependencyUnavailable];
        }

        if (anonymous)
        {
            operation.Security = [];
        }

        var refusals = metadata.OfType<RefusalCodes>().SelectMany(r => r.Codes).Concat(always).Distinct()
            .Select(code => (ProblemTable.Of(code).Status, Code: code))
            .Concat(metadata.OfType<RefusalStatus>().Select(r => (r.Status, r.Code)));
        var schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDocument), context.SchemaRepository);
        operation.Responses ??= [];
        foreach (var status in refusals.GroupBy(r => r.Status, r => r.Code).OrderBy(g => g.Key))
        {
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join("; ", status.Select(code => $"`{code}`: {ProblemTable.Of(code).Title}")),
                Headers = Problem.NeedsRetryAfter(status.Key) ? RetryAfter() : null,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem.ContentType] = new()
                    {
                        Schema = schema,
                        Examples = status.ToDictionary(code => code, code => Example(context.Document, status.Key, code)),
                    },
                },
            };
        }
    }

    private static IOpenApiExample Example(OpenApiDocument document, int status, string code)
    {
        var ordinary = ProblemTable.Of(code).Status == status;
        var id = ordinary ? code : string.Create(CultureInfo.InvariantCulture, $"{code}.{status}");
        document.Components ??= new OpenApiComponents();
        document.Components.Examples ??= new Dictionary<string, IOpenApiExample>();
        var fault = ordinary ? ProblemExamples.Of(code) : Refusals.OfStatus(status).Fault;
        var links = code == FaultCodes.JobNotReady ? new Dictionary<string, string> { ["job"] = JobLinks.JobPath(ApiExamples.JobId) } : null;
        var example = ProblemDocument.Of(fault, status, "4bf92f3577b34da6a3ce929d0e0e4736", links);
        document.Components.Examples[id] = new OpenApiExample
        {
            Summary = example.Title,
            Value = JsonSerializer.SerializeToNode(example, Json.Options),
        };
        return new OpenApiExampleReference(id, document);
    }

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
    };
}
