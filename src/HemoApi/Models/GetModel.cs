using HemoApi.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HemoApi.Models;

public static class GetModel
{
    public static Results<Ok<ModelDocument>, Problem> Handle(string id, ModelHost models) =>
        models.Registry.Find(id) is { } model
            ? TypedResults.Ok(ModelDocument.Of(model, models.Registry))
            : ModelFaults.NotFound.ToProblem();
}
