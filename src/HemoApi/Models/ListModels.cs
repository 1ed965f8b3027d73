using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Models;

public static class ListModels
{
    public static Ok<ModelList> Handle(ModelHost models) =>
        TypedResults.Ok(new ModelList([.. models.Registry.Models.Select(m => ModelDocument.Of(m, models.Registry))]));
}
