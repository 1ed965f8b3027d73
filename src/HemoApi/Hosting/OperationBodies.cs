using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace HemoApi.Hosting;

/// <summary>What the types of handlers do not tell about bodies, headers and parameters, and an example of each body.</summary>
public sealed class OperationBodies : IOperationFilter
{
    private const string Form = "multipart/form-data";

    private static readonly Dictionary<string, Action<OpenApiSchema>> ParameterRules = new()
    {
        ["waitSeconds"] = s => (s.Minimum, s.Maximum) = ("0", "60"),
        ["limit"] = s => (s.Minimum, s.Maximum, s.Default) = ("1", "200", 50),
        ["graceHours"] = s => (s.Minimum, s.Maximum, s.Default) = ("0", "720", 24),
        ["seriesIndex"] = s => s.Minimum = "0",
        ["grid"] = s => (s.Enum, s.Default) = ([.. new[] { Results.GetNifti.AcquiredGrid, Results.GetNifti.OrthogonalGrid }.Select(v => (JsonNode)v)], Results.GetNifti.AcquiredGrid),
        ["minVolumeMl"] = s => s.Minimum = "0",
        ["groupBy"] = s => (s.Enum, s.Default) = ([.. Analytics.GetVolumes.Groupings.Select(v => (JsonNode)v)], Analytics.GetVolumes.ByType),
        ["format"] = s => (s.Enum, s.Default) = ([.. new[] { Analytics.ExportResults.Csv, Analytics.ExportResults.Parquet }.Select(v => (JsonNode)v)], Analytics.ExportResults.Csv),
        ["priority"] = s => (s.Enum, s.Default) = ([.. new[] { "routine", "stat" }.Select(v => (JsonNode)v)], "routine"),
        ["hemorrhageType"] = s => s.Enum = [.. Imaging.Masks.HemorrhageTypes.All.Select(t => (JsonNode)Imaging.Masks.HemorrhageTypes.Code(t))],
        ["type"] = s => s.Enum = [.. Imaging.Masks.HemorrhageTypes.All.Select(t => (JsonNode)Imaging.Masks.HemorrhageTypes.Code(t))],
        ["method"] = s => (s.Enum, s.Default) = ([.. new[] { References.ReferenceOptions.Majority, References.ReferenceOptions.Staple }.Select(v => (JsonNode)v)], References.ReferenceOptions.Majority),
        ["reader"] = s => (s.Pattern, s.Default) = ("^[A-Za-z0-9._-]{1,64}$", References.ReferenceOptions.DefaultReader),
        ["Idempotency-Key"] = s => (s.MinLength, s.MaxLength) = (1, 255),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var parameter in operation.Parameters ?? [])
        {
            // Parameters that are properties of a record come with the property's capital; the query is read without regard to case.
            if (parameter is OpenApiParameter { In: ParameterLocation.Query, Name: { } property } written)
            {
                written.Name = JsonNamingPolicy.CamelCase.ConvertName(property);
            }

            if (parameter is { Name: { } name, Schema: OpenApiSchema schema } && ParameterRules.TryGetValue(name, out var rule))
            {
                rule(schema);
            }
        }

        foreach (var (type, media) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
        {
            media.Schema = type == Form ? FormSchema() : media.Schema;
            media.Example = type == Form ? new JsonObject { ["file"] = ApiExamples.Upload(operation.OperationId) }
                : type == "application/json" ? JsonSerializer.SerializeToNode(ApiExamples.Request(operation.OperationId), Json.Options)
                : ApiExamples.Upload(operation.OperationId);
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (ApiExamples.Headers(operation.OperationId, status) is { } headers && response is OpenApiResponse concrete)
            {
                concrete.Headers = headers.ToDictionary(h => h.Key, h => (IOpenApiHeader)new OpenApiHeader
                {
                    Description = h.Value,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }

            response.Description = ApiExamples.Meaning(operation.OperationId, status) ?? response.Description;
            foreach (var (type, media) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
            {
                media.Schema = type == "text/event-stream" ? new OpenApiSchema { Type = JsonSchemaType.String, Description = "Events of type `job`; the data of each is a JobDocument." } : media.Schema;
                var example = ApiExamples.Of(operation.OperationId, status);
                media.Example = example as string ?? JsonSerializer.SerializeToNode(example, Json.Options);
            }
        }
    }

    private static OpenApiSchema FormSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "file" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "The file; the only part of the form." },
        },
    };
}
