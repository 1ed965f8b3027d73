using System.Text.RegularExpressions;
using HemoApi.Jobs;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace HemoApi.Hosting;

/// <summary>What concerns the document as a whole: tags, the line breaks of comments, and schemas that no one refers to.</summary>
public sealed partial class DocumentPolish : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Studies", "Uploads of head CT studies, and what became of their files."),
        ("Jobs", "The segmentation of a study: how far it is, cancelling, running it again."),
        ("Changes", "What has become of studies and jobs since one last asked."),
        ("Webhooks", "Addresses that are told of changes as they happen."),
        ("Results", "What was found: volumes and lesions as JSON, mask and image as NIfTI."),
        ("References", "Masks that readers have drawn: the truth that evaluations measure against."),
        ("Evaluations", "A model against references over a cohort: overlap, volumes, detection, readers among each other."),
        ("Shadow", "A second model beside the first, on studies that were measured: where the two differ."),
        ("Analytics", "Questions about many results at once, and their export."),
        ("Keys", "The tenant's API keys: making, rotating and revoking them."),
        ("Retention", "How long the tenant's studies are kept."),
        ("Audit", "Who did what to which study, when and from where."),
        ("Models", "The networks that this service runs."),
        ("Health", "Whether the process lives and can do its work."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Tags = new HashSet<OpenApiTag>(Tags.Select(t => new OpenApiTag { Name = t.Name, Description = t.Description }));
        var schemas = swaggerDoc.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        schemas.Remove($"{nameof(JobDocument)}SseItem");
        foreach (var schema in schemas.Values)
        {
            OnOneLine(schema);
            if (schema.Properties is { } properties)
            {
                Array.ForEach([.. properties.Values], OnOneLine);
            }
        }

        foreach (var response in swaggerDoc.Paths.Values.SelectMany(p => p.Operations!.Values).SelectMany(o => o.Responses!.Values))
        {
            Array.ForEach([.. response.Content?.Values.Select(media => media.Schema) ?? []], OnOneLine);
        }
    }

    private static void OnOneLine(IOpenApiSchema? schema)
    {
        if (schema?.Description is { } text)
        {
            schema.Description = LineBreak().Replace(text, " ");
        }
    }

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineBreak();
}
