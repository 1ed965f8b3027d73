using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;

namespace HemoApi.Models;

public static class ModelsEndpoints
{
    public static void AddModels(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelsOptions>()
            .BindConfiguration(ModelsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<ModelHost>();
    }

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/models").WithTags("Models");

        models.MapGet("", ListModels.Handle)
            .Describe("listModels", "List models", "The models that requests can name, with manifest, hash and the provider that runs them.")
            .NotAudited("About no study.")
            .Needs(Scopes.StudiesRead);

        models.MapGet("/{id}", GetModel.Handle)
            .Describe("getModel", "Get a model", "One model with its manifest and model card.")
            .NotAudited("About no study.")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.NotFound);
    }
}
