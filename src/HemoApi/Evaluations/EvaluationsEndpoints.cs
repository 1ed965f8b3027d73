using Hangfire;
using HemoApi.Audit;
using HemoApi.Hosting;
using HemoApi.Imaging;
using Microsoft.AspNetCore.Http.Metadata;

namespace HemoApi.Evaluations;

public static class EvaluationsEndpoints
{
    private static readonly string[] FileCodes = [FaultCodes.NotFound, FaultCodes.EvaluationNotReady];

    public static void AddEvaluations(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<EvaluationsOptions>()
            .BindConfiguration(EvaluationsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<EvaluationTransitions>();
        builder.Services.AddSingleton<EvaluationQueue>();
        builder.Services.AddSingleton<PngRenderer>();
        builder.Services.AddSingleton<EvaluationFiles>();
        builder.Services.AddSingleton<EvaluationAnonymiser>();
        builder.Services.AddSingleton<ModelMasks>();
        builder.Services.AddSingleton<CohortEvaluator>();
        builder.Services.AddTransient<EvaluateCohortJob>();
        if (HostingOptions.Of(builder.Configuration).RunsJobs)
        {
            builder.Services.AddHangfireServer((_, server) =>
            {
                server.WorkerCount = 1;
                server.Queues = [EvaluationQueue.Name];
                server.ServerName = EvaluationQueue.Name;
                server.ShutdownTimeout = TimeSpan.FromSeconds(15);
            });
            builder.Services.AddHostedService<EvaluationWatch>();
        }
    }

    public static void MapEvaluations(this IEndpointRouteBuilder routes)
    {
        var evaluations = routes.MapGroup("/evaluations").WithTags("Evaluations");

        evaluations.MapPost("", CreateEvaluation.Handle)
            .Describe("createEvaluation", "Evaluate a model", "Holds a model against reference masks over a cohort of studies that were measured. Answers once the evaluation is queued. What the model measured is not changed.")
            .Audited("evaluation.create")
            .Needs(Scopes.EvaluationsWrite)
            .Refuses(
                FaultCodes.RequestInvalid, FaultCodes.NotFound, FaultCodes.JobNotReady, FaultCodes.Gone, FaultCodes.MediaUnsupported, FaultCodes.ModelUnknown, FaultCodes.EvaluationEmpty);

        evaluations.MapGet("", ListEvaluations.Handle)
            .Describe("listEvaluations", "List evaluations", "The tenant's evaluations, newest first, a page at a time.")
            .Audited("evaluation.list")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid);

        evaluations.MapGet("/{id:guid}", GetEvaluation.Handle)
            .Describe("getEvaluation", "Get an evaluation", "The evaluation's state. With `waitSeconds` the answer is held back until the status changes or the time is over (long polling).")
            .NotAudited("How far it is, without figures; clients poll it.")
            .Needs(Scopes.StudiesRead)
            .Refuses(FaultCodes.RequestInvalid, FaultCodes.NotFound);

        evaluations.MapDelete("/{id:guid}", DeleteEvaluation.Handle)
            .Describe("deleteEvaluation", "Delete an evaluation", "Deletes the evaluation with its files; a running one stops. Studies and references stay. Figures of studies that were deleted since go with it.")
            .Audited("evaluation.delete")
            .Needs(Scopes.EvaluationsWrite)
            .Refuses(FaultCodes.NotFound);

        evaluations.MapGet("/{id:guid}/results", GetEvaluationFile.Results)
            .Describe("getEvaluationResults", "Get an evaluation's results", "All statistics by type and kind of site, readers among each other, the figures of each case, and what was left out.")
            .Audited("evaluation.read")
            .Produces<EvaluationResults>()
            .Needs(Scopes.StudiesRead)
            .Refuses(FileCodes);

        evaluations.MapGet("/{id:guid}/cases.csv", GetEvaluationFile.Cases)
            .Describe("getEvaluationCases", "Download the figures of each case", "CSV, one row a case, model and type.")
            .Audited("evaluation.cases")
            .ProducesFile("text/csv")
            .Needs(Scopes.StudiesRead)
            .Refuses(FileCodes);

        evaluations.MapGet("/{id:guid}/statistics.csv", GetEvaluationFile.Statistics)
            .Describe("getEvaluationStatistics", "Download the statistics", "CSV, one row a statistic, with its interval and number of cases.")
            .Audited("evaluation.statistics")
            .ProducesFile("text/csv")
            .Needs(Scopes.StudiesRead)
            .Refuses(FileCodes);

        evaluations.MapGet("/{id:guid}/cases.parquet", GetEvaluationFile.CasesParquet)
            .Describe("getEvaluationCasesParquet", "Download the figures of each case as Parquet", "Apache Parquet with the columns of cases.csv.")
            .Audited("evaluation.cases")
            .ProducesFile(GetEvaluationFile.ParquetType)
            .Needs(Scopes.StudiesRead)
            .Refuses(FileCodes);

        evaluations.MapGet("/{id:guid}/statistics.parquet", GetEvaluationFile.StatisticsParquet)
            .Describe("getEvaluationStatisticsParquet", "Download the statistics as Parquet", "Apache Parquet with the columns of statistics.csv.")
            .Audited("evaluation.statistics")
            .ProducesFile(GetEvaluationFile.ParquetType)
            .Needs(Scopes.StudiesRead)
            .Refuses(FileCodes);

        evaluations.MapGet("/{id:guid}/report.html", GetEvaluationFile.Report)
            .Describe("getEvaluationReport", "Get the report", "One HTML page with tables and plots, without scripts and without other files, made for printing.")
            .Audited("evaluation.report")
            .ProducesFile("text/html")
            .Needs(Scopes.StudiesRead)
            .Refuses(FileCodes);

        evaluations.MapGet("/{id:guid}/plots/{plot}.svg", GetEvaluationFile.Svg)
            .Describe("getEvaluationPlot", "Get a plot", "A plot as SVG: `dice`, `scatter-ich`, `bland-altman-ich`, `roc-any`, `froc-any` and so on, as the results list them.")
            .Audited("evaluation.plot")
            .ProducesFile("image/svg+xml")
            .Needs(Scopes.StudiesRead)
            .Refuses(FileCodes);

        evaluations.MapGet("/{id:guid}/plots/{plot}.png", GetEvaluationFile.Png)
            .Describe("getEvaluationPlotPng", "Get a plot as PNG", "As the SVG of the same name. Absent where the machine that evaluated has no fonts to draw with; the SVG is always there.")
            .Audited("evaluation.plot")
            .ProducesFile("image/png")
            .Needs(Scopes.StudiesRead)
            .Refuses(FileCodes);
    }

    private static RouteHandlerBuilder ProducesFile(this RouteHandlerBuilder route, string mediaType) =>
        route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(FileStream), [mediaType]));
}
