using HemoApi.Hosting;
using HemoApi.Models;
using HemoApi.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace HemoApi.Evaluations;

/// <summary>Queues an evaluation of a cohort that exists and has references.</summary>
public static class CreateEvaluation
{
    public static async Task<Results<Accepted<EvaluationDocument>, Problem>> Handle(
        EvaluationRequest request,
        HemoDbContext db,
        Caller caller,
        ModelHost models,
        EvaluationQueue queue,
        TimeProvider time,
        IOptions<EvaluationsOptions> options,
        CancellationToken cancellationToken)
    {
        if (request.Check(options.Value.MaximumStudies) is { } invalid)
        {
            return invalid.ToProblem();
        }

        if (models.Registry.Find(request.Model) is null || (request.OtherModel is { } other && models.Registry.Find(other) is null))
        {
            return ModelFaults.Unknown.ToProblem();
        }

        if (!(await EvaluationCohort.Of(request, db, options.Value.MaximumStudies, cancellationToken)).TryGet(out var cohort, out var fault))
        {
            return fault.ToProblem();
        }

        var evaluation = new Evaluation
        {
            TenantId = caller.TenantId,
            Name = request.Name,
            Reference = request.Reference!,
            ModelId = request.Model,
            OtherModelId = request.OtherModel,
            Cases = cohort.Cases,
            SavedQueries = cohort.SavedQueries,
            CreatedAt = time.GetUtcNow(),
        };
        db.Evaluations.Add(evaluation);
        await db.SaveChangesAsync(cancellationToken);
        queue.Enqueue(evaluation.Id);
        return TypedResults.Accepted(EvaluationLinks.Path(evaluation.Id), EvaluationDocument.Of(evaluation));
    }
}
