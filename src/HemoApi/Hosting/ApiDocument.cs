using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace HemoApi.Hosting;

/// <summary>The OpenAPI document: <c>/openapi/v1.yaml</c>, <c>/swagger</c>, and <c>openapi.yaml</c> in the repository.</summary>
public static class ApiDocument
{
    private const string ApiKeyScheme = "apiKey";

    public static void AddApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen(gen =>
        {
            gen.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "HemoApi",
                Version = "v1",
                Description = "Measures intracranial hemorrhage (ICH, EDH, SDH) in head CT.",
                License = new OpenApiLicense { Name = "See the repository" },
            });
            gen.SupportNonNullableReferenceTypes();
            gen.NonNullableReferenceTypesAsRequired();
            foreach (var xml in Directory.EnumerateFiles(AppContext.BaseDirectory, "HemoApi*.xml"))
            {
                gen.IncludeXmlComments(xml);
            }

            gen.AddSecurityDefinition(ApiKeyScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthentication.Header,
            });
            gen.AddSecurityRequirement(document => new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(ApiKeyScheme, document)] = [],
            });
            gen.OperationFilter<ProblemResponses>();
        });
    }

    public static void UseApiDocument(this WebApplication app)
    {
        app.UseSwagger(swagger =>
        {
            swagger.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            swagger.RouteTemplate = "openapi/{documentName}.yaml";
        });
        app.UseSwaggerUI(ui => ui.SwaggerEndpoint("/openapi/v1.yaml", "v1"));
    }
}

/// <summary>Adds each operation's refusals: one response a status, naming its codes.</summary>
public sealed class ProblemResponses : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var anonymous = metadata.OfType<Microsoft.AspNetCore.Authorization.IAllowAnonymous>().Any();
        string[] always = anonymous
            ? [Imaging.FaultCodes.Internal]
            : [Imaging.FaultCodes.AuthInvalid, Imaging.FaultCodes.AuthScope, Imaging.FaultCodes.Internal];
        var codes = metadata.OfType<RefusalCodes>().SelectMany(r => r.Codes).Concat(always).Distinct();
        if (anonymous)
        {
            operation.Security = [];
        }

        var schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDocument), context.SchemaRepository);
        operation.Responses ??= [];
        foreach (var status in codes.GroupBy(code => ProblemTable.Of(code).Status).OrderBy(g => g.Key))
        {
            operation.Responses[status.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join("; ", status.Select(code => $"`{code}`: {ProblemTable.Of(code).Title}")),
                Content = new Dictionary<string, OpenApiMediaType> { [Problem.ContentType] = new() { Schema = schema } },
            };
        }
    }
}
