using System.Text.Json;
using HemoApi.Imaging.Masks;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Results;

public sealed class ResultsDocumentTests(FinishedStudy finished) : IClassFixture<FinishedStudy>
{
    /// <summary>The contract's properties; the contract grows and never shrinks, so this list does too.</summary>
    private static readonly Dictionary<string, string[]> Contract = new()
    {
        [""] =
        [
            "studyId", "jobId", "model", "engine", "series", "hemorrhageDetected", "volumes", "totalVolumeMl", "totalVolumeByThicknessMl",
            "lesions", "abc2VolumeMl", "flags", "warnings", "timings", "intendedUse",
        ],
        ["model"] = ["id", "version", "sha256"],
        ["engine"] = ["provider", "version"],
        ["series"] = ["seriesInstanceUid", "studyInstanceUid", "description", "spacingMm", "sliceCount", "gantryTiltDegrees", "geometry"],
        ["series.geometry"] = ["columns", "rows", "rowDirectionLps", "columnDirectionLps", "normalLps", "slices"],
        ["series.geometry.slices"] = ["originLpsMm", "thicknessMm", "extentMm"],
        ["volumes"] = ["type", "volumeMl", "volumeByThicknessMl", "lesionCount", "abc2", "uncertainty"],
        ["volumes.uncertainty"] = ["fromProbabilities", "fromPartialVolume"],
        ["volumes.abc2"] = ["applicable", "volumeMl", "differenceMl"],
        ["lesions"] =
            ["id", "type", "volumeMl", "volumeByThicknessMl", "centroidLpsMm", "boundingBox", "meanHu", "sdHu", "abc2", "touchesBorder",
             "huPercentiles", "surfaceAreaMm2", "sphericity", "longestDiameterMm", "uncertainty", "maximumProbability"],
        ["lesions.huPercentiles"] = ["p5", "p25", "p50", "p75", "p95"],
        ["lesions.uncertainty.fromProbabilities"] = ["expectedMl", "lowMl", "highMl"],
        ["lesions.uncertainty.fromPartialVolume"] = ["lowestMl", "highestMl"],
        ["flags"] = ["code", "type", "quantity", "value", "comparison", "threshold", "met", "experimental", "reference"],
        ["lesions.boundingBox"] = ["minColumn", "minRow", "minSlice", "maxColumn", "maxRow", "maxSlice"],
        ["lesions.abc2"] = ["aMm", "bMm", "cMm", "volumeMl"],
        ["timings"] = ["stageSeconds", "totalSeconds"],
    };

    [Fact]
    public async Task The_document_has_every_property_of_the_contract()
    {
        var document = await finished.Client.Results(finished.Study);
        foreach (var (path, names) in Contract)
        {
            var place = path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(document, (at, name) => Item(at.GetProperty(name)));
            Assert.Superset(names.ToHashSet(), place.EnumerateObject().Select(p => p.Name).ToHashSet());
        }
    }

    [Fact]
    public async Task Volumes_and_lesion_are_those_of_the_ellipsoid_that_was_scanned()
    {
        var document = await finished.Client.Results(finished.Study);

        Assert.True(document.GetProperty("hemorrhageDetected").GetBoolean());
        Assert.InRange(document.GetProperty("totalVolumeMl").GetDouble() / HeadStudy.VolumeMl, 0.98, 1.02);
        var volumes = document.GetProperty("volumes").EnumerateArray().ToDictionary(v => v.GetProperty("type").GetString()!);
        Assert.Equal(HemorrhageTypes.All.Select(t => t.Code()), volumes.Keys);
        Assert.Equal(document.GetProperty("totalVolumeMl").GetDouble(), volumes["ICH"].GetProperty("volumeMl").GetDouble(), 1e-9);
        Assert.Equal((1, 0, 0), (Count("ICH"), Count("EDH"), Count("SDH")));
        var lesion = Assert.Single(document.GetProperty("lesions").EnumerateArray());
        Assert.Equal((1, "ICH", HeadStudy.BloodHu), (lesion.GetProperty("id").GetInt32(), lesion.GetProperty("type").GetString(), lesion.GetProperty("meanHu").GetDouble()));
        Assert.False(lesion.GetProperty("touchesBorder").GetBoolean());

        // The test model's closed form: a steep sigmoid at 60.5 HU of HU on −20 to 120.
        Assert.Equal(1 / (1 + Math.Exp(-100 * (HeadStudy.BloodHu - 60.5) / 70)), lesion.GetProperty("maximumProbability").GetDouble(), 1e-6);
        var abc2 = volumes["ICH"].GetProperty("abc2");
        Assert.Equal(lesion.GetProperty("abc2").GetProperty("volumeMl").GetDouble(), abc2.GetProperty("volumeMl").GetDouble(), 1e-9);
        Assert.Equal(abc2.GetProperty("volumeMl").GetDouble() - document.GetProperty("totalVolumeMl").GetDouble(), abc2.GetProperty("differenceMl").GetDouble(), 1e-9);
        Assert.All(["EDH", "SDH"], type =>
        {
            var notOffered = volumes[type].GetProperty("abc2");
            Assert.False(notOffered.GetProperty("applicable").GetBoolean());
            Assert.NotEmpty(notOffered.GetProperty("reason").GetString()!);
            Assert.False(notOffered.TryGetProperty("volumeMl", out _));
        });
        var centroid = lesion.GetProperty("centroidLpsMm").EnumerateArray().Select(c => c.GetDouble()).ToArray();
        var centre = HeadStudy.CentreLpsMm;
        Assert.All(centroid.Zip([centre.X, centre.Y, centre.Z]), pair => Assert.Equal(pair.Second, pair.First, 0.3));
        var box = lesion.GetProperty("boundingBox");
        Assert.Equal((44, 72), (box.GetProperty("minColumn").GetInt32(), box.GetProperty("maxColumn").GetInt32()));
        Assert.Equal((33, 55), (box.GetProperty("minRow").GetInt32(), box.GetProperty("maxRow").GetInt32()));

        int Count(string type) => volumes[type].GetProperty("lesionCount").GetInt32();
    }

    [Fact]
    public async Task The_document_names_its_series_and_the_model_that_measured_it()
    {
        var document = await finished.Client.Results(finished.Study);

        Assert.Equal((finished.Study, finished.Job), (document.GetProperty("studyId").GetGuid(), document.GetProperty("jobId").GetGuid()));
        var series = document.GetProperty("series");
        Assert.Equal(new HeadStudy().SeriesInstanceUid, series.GetProperty("seriesInstanceUid").GetString());
        Assert.Equal([1, 1, 2.5], series.GetProperty("spacingMm").EnumerateArray().Select(s => s.GetDouble()));
        Assert.Equal(31, series.GetProperty("sliceCount").GetInt32());
        Assert.Equal(31, series.GetProperty("geometry").GetProperty("slices").GetArrayLength());
        var listed = await finished.Client.GetStringAsync($"/api/v1/models/{TestModel.Id}");
        Assert.Equal(
            JsonDocument.Parse(listed).RootElement.GetProperty("manifest").GetProperty("sha256").GetString(),
            document.GetProperty("model").GetProperty("sha256").GetString());
        Assert.Equal("cpu", document.GetProperty("engine").GetProperty("provider").GetString());
    }

    [Fact]
    public async Task Before_the_job_has_ended_the_results_are_not_ready_and_the_problem_says_where_to_wait()
    {
        await using var service = await TestService.Start();
        var (client, _, tenant) = await service.Client("a", HemoApi.Hosting.Scopes.StudiesRead);
        var job = await service.AddStudy(tenant);
        foreach (var path in (string[])["", "/mask.nii.gz", "/image.nii.gz"])
        {
            using var answer = await client.GetAsync($"/api/v1/studies/{job.StudyId}/results{path}");
            var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal($"/api/v1/jobs/{job.Id}", problem.GetProperty("links").GetProperty("job").GetString());
            await CallerTests.Refused(answer, 409, "job.not_ready");
        }
    }

    private static JsonElement Item(JsonElement element) => element.ValueKind == JsonValueKind.Array ? element[0] : element;
}
