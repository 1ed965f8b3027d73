using HemoApi.Evaluations;
using HemoApi.Imaging;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Quantification;
using HemoApi.Jobs;
using HemoApi.Models;
using HemoApi.References;
using HemoApi.Results;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.Hosting;

/// <summary>An example of every body in the API document, made of the same types as the bodies themselves.</summary>
internal static class ApiExamples
{
    public const string ZipBytes = "(the bytes of study.zip)";

    private const string StudyUid = "2.25.139277389478402917409215907431203129";
    private const string SeriesUid = "2.25.311746702137590210238475617310945121";
    private const string Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 15, 0, TimeSpan.Zero);
    private static readonly EngineInfo Engine = new("cpu", "1.31.1");
    private static readonly Dictionary<string, double> Seconds = new()
    {
        [Stages.Read] = 0.21, [Stages.Decode] = 0.34, [Stages.Preprocess] = 0.12, [Stages.Network] = 2.4, [Stages.Postprocess] = 0.08, [Stages.Quantify] = 0.05,
    };

    private static readonly VolumeUncertainty Uncertainty = new(new ProbabilityRange(18.1, 14.9, 22.6), new PartialVolumeRange(16.2, 20.9));

    public static Guid StudyId { get; } = Guid.Parse("0199a5c2-7a3e-7c11-9d52-4f0e6b1c8a21");

    public static Guid EarlierStudyId { get; } = Guid.Parse("0199a47d-10c2-7f5a-a3e4-66b1d2f08c37");

    public static Guid JobId { get; } = Guid.Parse("0199a5c2-7a41-7e0b-8c63-1d2f5a9b7e34");

    public static Guid EvaluationId { get; } = Guid.Parse("0199a5d0-2f61-7b0d-9a3c-7e54d1c0b862");

    /// <summary>The body of this answer; null where it has none.</summary>
    public static object? Of(string? operationId, string status) => (operationId, status) switch
    {
        ("uploadStudy", "202") => Uploaded(StudyId, JobId, JobStatus.Queued),
        ("uploadStudy", _) => Uploaded(null, null, null),
        ("listStudies", _) => new StudyPage([Study(whole: false)], new StudyCursor(Now, StudyId).ToString()),
        ("getStudy", _) => Study(whole: true),
        ("getResults", _) => Results(),
        ("getVolumeStatistics", _) => AnalyticsExamples.Volumes(),
        ("exportResults", _) => AnalyticsExamples.Export(),
        ("saveQuery" or "getQuery", _) => AnalyticsExamples.Query(),
        ("listQueries", _) => new Queries.QueryPage([AnalyticsExamples.Query()], null),
        ("compareStudies", _) => ComparisonExample.Of(Results(), EarlierStudyId),
        ("scoreIch", _) => IchScoreDocument.Of(IchScore.Of(11, 67, true, null, 18.4), 18.4),
        ("getMask", _) => "(the bytes of mask.nii.gz)",
        ("getImage", _) => "(the bytes of image.nii.gz)",
        ("uploadReference" or "getReference", _) => Reference(),
        ("listReferences", _) => new ReferenceList([Reference()]),
        ("getReferenceMask" or "getConsensus", _) => "(the bytes of a mask.nii.gz)",
        ("createEvaluation", _) => Evaluation(JobStatus.Queued),
        ("getEvaluation", _) => Evaluation(JobStatus.Succeeded),
        ("listEvaluations", _) => new EvaluationPage([Evaluation(JobStatus.Succeeded)], null),
        ("getEvaluationResults", _) => EvaluationExample.Results(EvaluationId, StudyId, new ModelReference("dense-unet", "1", Sha256)),
        ("getEvaluationCases", _) => $"{string.Join(',', EvaluationCsv.CaseColumns)}\r\n",
        ("getEvaluationStatistics", _) => $"{string.Join(',', EvaluationCsv.StatisticColumns)}\r\n",
        ("getEvaluationReport", _) => "<!DOCTYPE html>",
        ("getEvaluationCasesParquet" or "getEvaluationStatisticsParquet", _) => "(the bytes of a Parquet file)",
        ("getEvaluationPlotPng", _) => "(the bytes of a PNG file)",
        ("getEvaluationPlot", _) => "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        ("listShadowRuns", _) => ShadowExample.Page(),
        ("exportShadowRuns", _) => $"{Shadow.ShadowRunsCsv.Header}\r\n",
        ("getJob", _) => Job(JobStatus.Running),
        ("streamJobEvents", _) => $"event: job\ndata: {System.Text.Json.JsonSerializer.Serialize(Job(JobStatus.Running), Json.Options)}\n\n",
        ("cancelJob", _) => Job(JobStatus.Cancelled),
        ("retryJob", _) => Job(JobStatus.Queued),
        ("listChanges", _) => ChangeExamples.Page(),
        ("createWebhook", _) => ChangeExamples.Webhook(showSecret: true),
        ("getWebhook", _) => ChangeExamples.Webhook(showSecret: false),
        ("listWebhooks", _) => new Webhooks.WebhookList([ChangeExamples.Webhook(showSecret: false)]),
        ("listDeliveries", _) => ChangeExamples.Deliveries(),
        ("createKey" or "rotateKey", _) => KeyExamples.Created(),
        ("listKeys", _) => KeyExamples.List(),
        ("getRetention" or "setRetention", _) => new Housekeeping.RetentionDocument(365, 365),
        ("listAudit", _) => KeyExamples.Audit(),
        ("exportAudit", _) => $"{Audit.ExportedAudit.Header}\r\n",
        ("listModels", _) => new ModelList([Model()]),
        ("getModel", _) => Model(),
        ("getLiveness", _) => new HealthDocument("healthy", new Dictionary<string, string>()),
        ("getReadiness", _) => new HealthDocument("healthy", new Dictionary<string, string> { ["database"] = "healthy", ["blobs"] = "healthy", ["model"] = "healthy", ["disk"] = "healthy" }),
        _ => null,
    };

    /// <summary>The bytes that this request sends.</summary>
    public static string Upload(string? operationId) => operationId == "uploadReference" ? "(the bytes of mask.nii.gz)" : ZipBytes;

    /// <summary>The JSON body of this request; null where it has none.</summary>
    public static object? Request(string? operationId) => operationId switch
    {
        "scoreIch" => new IchScoreRequest(StudyId, GlasgowComaScale: 11, AgeYears: 67, IntraventricularHemorrhage: true),
        "createEvaluation" => new EvaluationRequest("Hospital A and B", [new CohortCase(StudyId)], null, null, "majority", null, null),
        "saveQuery" => AnalyticsExamples.QueryRequest(),
        "createWebhook" => new Webhooks.WebhookRequest("https://hospital.example/hemo", [Changes.ChangeTypes.JobSucceeded, Changes.ChangeTypes.JobFailed]),
        "setRetention" => new Housekeeping.RetentionRequest(365),
        "createKey" => new Keys.CreateKeyRequest("Viewer in ward 3", [Scopes.StudiesRead], Now.AddDays(365)),
        _ => null,
    };

    /// <summary>What the status means here, where its name does not say it.</summary>
    public static string? Meaning(string? operationId, string status) => (operationId, status) switch
    {
        ("uploadStudy", "200") => "Dry run: examined and not kept.",
        ("uploadStudy", "202") => "Stored and queued; or, when `deduplicated`, it was here before.",
        ("cancelJob", "202") => "Cancelled, or asked to stop.",
        ("createEvaluation", "202") => "Queued.",
        ("retryJob", "202") => "Queued again.",
        ("getMask" or "getImage" or "getReferenceMask" or "getConsensus", "304") => "Not modified since the ETag that `If-None-Match` names.",
        _ => null,
    };

    /// <summary>Headers of an answer and what they say.</summary>
    public static IReadOnlyDictionary<string, string>? Headers(string? operationId, string status) => (operationId, status) switch
    {
        ("uploadStudy" or "cancelJob" or "retryJob", "202") => new Dictionary<string, string> { ["Location"] = "Path of the job." },
        ("createEvaluation", "202") => new Dictionary<string, string> { ["Location"] = "Path of the evaluation." },
        ("saveQuery", "201") => new Dictionary<string, string> { ["Location"] = "Path of the query." },
        ("createWebhook", "201") => new Dictionary<string, string> { ["Location"] = "Path of the webhook." },
        ("uploadReference", "201") => new Dictionary<string, string> { ["Location"] = "Path of the reference." },
        ("exportResults" or "exportShadowRuns" or "exportAudit", "200") => new Dictionary<string, string> { ["Content-Disposition"] = "An attachment." },
        ("getMask" or "getImage" or "getReferenceMask" or "getConsensus", "200" or "206") => new Dictionary<string, string>
        {
            ["ETag"] = "Changes with the bytes; for `If-None-Match` and `If-Range`.",
            ["Content-Disposition"] = "An attachment, named by the study's id.",
            ["Accept-Ranges"] = "bytes",
        },
        _ => null,
    };

    private static EvaluationDocument Evaluation(JobStatus status) => EvaluationDocument.Of(new Evaluation
    {
        Id = EvaluationId,
        TenantId = Guid.Empty,
        Name = "Hospital A and B",
        Reference = "majority",
        ModelId = null,
        OtherModelId = null,
        Cases = [new CohortCase(StudyId)],
        Status = status,
        Progress = status == JobStatus.Succeeded ? 1 : 0,
        Attempts = status == JobStatus.Succeeded ? 1 : 0,
        CreatedAt = Now,
        StartedAt = status == JobStatus.Succeeded ? Now.AddSeconds(1) : null,
        FinishedAt = status == JobStatus.Succeeded ? Now.AddSeconds(9) : null,
    });

    private static ReferenceDocument Reference() => ReferenceDocument.Of(new ReferenceMask
    {
        Id = Guid.Parse("0199a5c9-14b7-7c52-a7d0-5be0c1f2a913"),
        TenantId = Guid.Empty,
        StudyId = StudyId,
        Reader = "r1",
        Format = "nifti",
        Status = ResultStatus.Complete,
        IchMl = 19.1,
        EdhMl = 0,
        SdhMl = 0,
        CreatedAt = Now,
    });

    private static UploadStudyDocument Uploaded(Guid? studyId, Guid? jobId, JobStatus? status) => new(
        studyId,
        jobId,
        status,
        Deduplicated: false,
        [new FileVerdict("DICOM/IM001", Verdict.Used), new FileVerdict("README.txt", Verdict.Ignored, FaultCodes.DicomNone, "Not a DICOM file.")],
        [Series()],
        [],
        studyId is null ? null : UploadStudyDocument.LinksOf(StudyId, JobId));

    private static SeriesSummary Series() => new(SeriesUid, "Head 5 mm", 30, Eligible: true, []);

    private static StudyDocument Study(bool whole) => new(
        StudyId,
        StudyUid,
        "PHANTOM-1",
        Now.DateTime.AddHours(-1),
        UploadBytes: 9_437_184,
        Now,
        new StudyJob(JobId, JobStatus.Succeeded),
        whole ? [new FileVerdict("DICOM/IM001", Verdict.Used)] : null,
        whole ? [Series()] : null,
        StudyLinks.Of(StudyId, Row(JobStatus.Succeeded)));

    private static JobDocument Job(JobStatus status) => JobDocument.Of(Row(status), status == JobStatus.Queued ? 1 : null);

    private static Job Row(JobStatus status) => new()
    {
        Id = JobId,
        TenantId = Guid.Empty,
        StudyId = StudyId,
        Status = status,
        Priority = JobPriority.Routine,
        ModelId = null,
        SeriesInstanceUid = null,
        Stage = status == JobStatus.Running ? Stages.Network : null,
        Progress = status == JobStatus.Running ? 0.42 : 0,
        Attempts = status == JobStatus.Running ? 1 : 0,
        CreatedAt = Now,
        QueuedAt = Now,
        StartedAt = status == JobStatus.Running ? Now.AddSeconds(1) : null,
        FinishedAt = status == JobStatus.Cancelled ? Now.AddSeconds(2) : null,
    };

    private static ResultsDocument Results() => new(
        StudyId,
        JobId,
        new ModelReference("dense-unet", "1", Sha256),
        Engine,
        new SeriesDocument(SeriesUid, StudyUid, "Head 5 mm", [0.488, 0.488, 5], 30, 0, new GeometryDocument(
            512, 512, [1, 0, 0], [0, 1, 0], [0, 0, 1], [new SliceDocument([-125, -125, 0], 5, 5)])),
        HemorrhageDetected: true,
        [.. Imaging.Masks.HemorrhageTypes.All.Select((type, i) => VolumeDocument.Of(i == 0 ? new(type, 18.4, 18.4, 1, Uncertainty, 12.4) : new(type, 0, 0, 0, null, null)))],
        TotalVolumeMl: 18.4,
        TotalVolumeByThicknessMl: 18.4,
        [new LesionDocument(
            1, "ICH", 18.4, 18.4, [32.5, -4.1, 61], new VoxelBox(301, 220, 10, 352, 281, 16), 64.2, 6.8, new Abc2Document(39.5, 27.8, 22.5, 12.4), TouchesBorder: false,
            new HuPercentiles(52, 60, 65, 69, 74), 3710, 0.91, 43.8, null, new LesionSide(Side.Left, 0.9998, 1), Uncertainty, 0.993)],
        12.4,
        [FlagDocument.Of(new GuidelineCriterion(
            "ich.volume", Imaging.Masks.HemorrhageType.Ich, null, "volumeMl", 18.4, "atLeast", GuidelineCriteria.IchScoreVolumeMl, Met: false, Experimental: false, GuidelineCriteria.IchScoreReference))],
        new SymmetryPlaneDocument([1.2, -3.5, 58], [0.998, 0.05, -0.03], 0.93, 1.4),
        [new ResultWarning(WarningCodes.OutsideTrainingRange, "The model was trained on synthetic hemorrhages only.")],
        new TimingsDocument(Seconds, Seconds.Values.Sum()),
        "Research on synthetic heads.");

    private static ModelDocument Model() => new("dense-unet", IsDefault: true, new ModelManifest
    {
        SchemaVersion = ModelManifest.CurrentSchemaVersion,
        Id = "dense-unet",
        Version = "1",
        Sha256 = Sha256,
        Input = new ModelInput("image", 512, 64, 0.488281, HuNormalisation.Default),
        Output = new ModelOutput("probabilities", ["ICH", "EDH", "SDH"], [0.5f, 0.5f, 0.5f]),
        MinimumLesionVolumeMl = 0.1,
        TrainingRange = new TrainingRange(new Interval(2.5, 5), new Interval(0.4, 0.6), new Interval(0, 25), SyntheticHemorrhagesOnly: true),
        Card = new ModelCard(
            "Dense U-Net", "Synthetic heads", "Synthetic heads", new Dictionary<string, double> { ["diceIch"] = 0.9 },
            "Research on synthetic heads.", "Wrong on patients.", "MIT"),
    }, Engine, []);
}
