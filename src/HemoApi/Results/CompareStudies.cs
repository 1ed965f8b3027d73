using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Registration;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace HemoApi.Results;

/// <summary>Two studies of one patient held against each other. Nothing of it is stored.</summary>
public static class CompareStudies
{
    /// <summary>Every code that the comparison can be refused with.</summary>
    public static string[] Codes { get; } =
    [
        FaultCodes.RequestInvalid, FaultCodes.NotFound, FaultCodes.JobNotReady, FaultCodes.Gone,
        FaultCodes.ComparisonPatientDiffers, FaultCodes.ComparisonPatientUnknown, FaultCodes.ComparisonModelDiffers,
    ];

    /// <param name="baseline">The id of the earlier study; required.</param>
    public static async Task<Results<Ok<ComparisonDocument>, Problem>> Handle(
        Guid id,
        [FromQuery] Guid? baseline,
        HemoDbContext db,
        ComparedStudies studies,
        HeadAligner heads,
        IOptions<IdentityOptions> identity,
        CancellationToken cancellationToken)
    {
        var (later, problem) = await studies.Read(db, id, cancellationToken);
        if (later is null)
        {
            return problem!;
        }

        if (baseline is not { } baselineId || baselineId == id)
        {
            return (baseline is null ? ComparisonFaults.NoBaseline : ComparisonFaults.Itself).ToProblem();
        }

        (var earlier, problem) = await studies.Read(db, baselineId, cancellationToken);
        if (earlier is null)
        {
            return problem!;
        }

        if (Check(earlier, later) is { } fault)
        {
            return fault.ToProblem();
        }

        var alignment = await heads.Align(earlier, later, cancellationToken);
        return TypedResults.Ok(ComparisonDocument.Of(
            earlier,
            later,
            alignment,
            ComparisonWarnings.Of(earlier, later, alignment.Registration, datesMayBeShifted: identity.Value is { Profile: IdentityProfile.Basic, Dates: DateRule.Shift })));
    }

    private static Fault? Check(ComparedStudy baseline, ComparedStudy followUp) =>
        string.IsNullOrWhiteSpace(baseline.Study.PatientId) || string.IsNullOrWhiteSpace(followUp.Study.PatientId) ? ComparisonFaults.PatientUnknown
        : baseline.Study.PatientId != followUp.Study.PatientId ? ComparisonFaults.PatientDiffers
        : baseline.Results.Model.Sha256 != followUp.Results.Model.Sha256 ? ComparisonFaults.ModelDiffers
        : null;
}
