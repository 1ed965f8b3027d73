using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Results;

public sealed class IchScoreTests(FinishedStudy finished) : IClassFixture<FinishedStudy>
{
    private const string Path = "/api/v1/ich-score";

    [Fact]
    public async Task What_the_caller_knows_and_the_measured_volume_add_up()
    {
        // 8.4 ml scores nothing; coma scale 4 scores 2, ventricles 1, age 80 1.
        var document = await Score(new
        {
            studyId = finished.Study, glasgowComaScale = 4, ageYears = 80, intraventricularHemorrhage = true, infratentorialOrigin = false,
        });

        Assert.Equal(("complete", 4), (document.GetProperty("status").GetString(), document.GetProperty("score").GetInt32()));
        Assert.InRange(document.GetProperty("volumeMl").GetDouble() / HeadStudy.VolumeMl, 0.98, 1.02);
        Assert.Empty(document.GetProperty("missing").EnumerateArray());
        var volume = document.GetProperty("items").EnumerateArray().Single(i => i.GetProperty("name").GetString() == "volumeMl");
        Assert.Equal((0, "measured"), (volume.GetProperty("points").GetInt32(), volume.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task What_is_missing_is_named_and_never_guessed()
    {
        var document = await Score(new { glasgowComaScale = 15, ageYears = 50 });

        Assert.Equal("incomplete", document.GetProperty("status").GetString());
        Assert.False(document.TryGetProperty("score", out _));
        Assert.Equal(
            ["infratentorialOrigin", "intraventricularHemorrhage", "volumeMl"],
            document.GetProperty("missing").EnumerateArray().Select(m => m.GetString()).Order());
    }

    [Theory]
    [InlineData("{\"glasgowComaScale\": 2}")]
    [InlineData("{\"glasgowComaScale\": 16}")]
    [InlineData("{\"ageYears\": -1}")]
    [InlineData("{\"ageYears\": 131}")]
    [InlineData("{\"ageYears\": \"old\"}")]
    [InlineData("{\"ageInYears\": 80}")]
    [InlineData("{")]
    public async Task A_value_that_cannot_be_is_refused(string body)
    {
        using var answer = await finished.Client.PostAsync(Path, new StringContent(body, null, "application/json"));
        await CallerTests.Refused(answer, 400, "request.invalid");
    }

    [Fact]
    public async Task A_study_that_is_not_there_is_not_found()
    {
        using var answer = await finished.Client.PostAsJsonAsync(Path, new { studyId = Guid.NewGuid(), glasgowComaScale = 15 });
        await CallerTests.Refused(answer, 404, "not_found");
    }

    private async Task<JsonElement> Score(object request)
    {
        using var answer = await finished.Client.PostAsJsonAsync(Path, request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
