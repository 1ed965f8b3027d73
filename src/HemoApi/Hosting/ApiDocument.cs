using Microsoft.OpenApi;

namespace HemoApi.Hosting;

/// <summary>The OpenAPI document: <c>/openapi/v1.yaml</c>, <c>/swagger</c>, and <c>openapi.yaml</c> in the repository.</summary>
public static class ApiDocument
{
    private const string ApiKeyScheme = "apiKey";
    private const string BearerScheme = "bearer";

    public static void AddApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.AddEndpointsApiExplorer();
        builder.Services.AddSwaggerGen(gen =>
        {
            gen.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "HemoApi",
                Version = "v1",
                Summary = "Intracranial hemorrhage (ICH, EDH, SDH) in head CT: volumes and masks.",
                Description = "Upload a zip of the DICOM files of one non-contrast head CT, follow its job, read volumes as JSON and the mask as NIfTI. "
                    + "Every refusal is a problem document (RFC 9457): branch on its `code`, show its `remedy`. "
                    + "For research use only; not a medical device.",
                License = new OpenApiLicense { Name = "For research use only", Identifier = "LicenseRef-HemoApi" },
            });
            gen.SupportNonNullableReferenceTypes();
            gen.NonNullableReferenceTypesAsRequired();
            // Without a time zone it is no date-time (RFC 3339), and strict clients would refuse it.
            gen.MapType<DateTime>(() => new OpenApiSchema
            {
                Type = JsonSchemaType.String | JsonSchemaType.Null,
                Pattern = @"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$",
            });
            foreach (var xml in Directory.EnumerateFiles(AppContext.BaseDirectory, "HemoApi*.xml"))
            {
                gen.IncludeXmlComments(xml);
            }

            gen.AddSecurityDefinition(ApiKeyScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthentication.Header,
                Description = "An API key, as the first start or `HemoApi keys create` prints it.",
            });
            gen.AddSecurityDefinition(BearerScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An access token of the identity provider that the service is configured for; an API key works too.",
            });
            foreach (var scheme in (string[])[ApiKeyScheme, BearerScheme])
            {
                gen.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] });
            }

            gen.OperationFilter<OperationBodies>();
            gen.OperationFilter<ProblemResponses>();
            gen.DocumentFilter<DocumentPolish>();
        });
    }

    public static void UseApiDocument(this WebApplication app)
    {
        app.UseSwagger(swagger =>
        {
            swagger.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            swagger.RouteTemplate = "openapi/{documentName}.yaml";
            // Relative to the document itself, so that it holds behind any host and path prefix.
            swagger.PreSerializeFilters.Add((document, _) => document.Servers = [new OpenApiServer { Url = ".." }]);
        });
        app.UseSwaggerUI(ui =>
        {
            ui.DocumentTitle = "HemoApi";
            ui.SwaggerEndpoint("../openapi/v1.yaml", "v1");
            ui.DisplayRequestDuration();
        });
    }
}
