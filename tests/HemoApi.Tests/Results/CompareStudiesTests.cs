using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Results;

public sealed class CompareStudiesTests(CompareStudiesTests.Fixture fixture, ITestOutputHelper output) : IClassFixture<CompareStudiesTests.Fixture>
{
    /// <summary>The second scan's head, against the first one's.</summary>
    private static readonly HeadPose Moved = new(9, -5, 4, new(3, -2, 4));

    private static readonly ComparedHead Before = new("before");

    private static readonly ComparedHead Grown = new("grown") { Pose = Moved, Time = "143000", Blood = [(new(-15, 6, 8), 16)] };

    [Fact]
    public async Task A_bleeding_that_grew_is_found_again_in_the_moved_head_with_its_growth_and_the_time_between()
    {
        var document = await fixture.Compare(Grown, Before);

        var (before, after) = (ComparedHead.SphereMl(12), ComparedHead.SphereMl(16));
        Assert.Equal(6.5, document.GetProperty("hoursBetween").GetDouble(), 1e-9);
        var ich = document.GetProperty("growth").EnumerateArray().Single(g => g.GetProperty("type").GetString() == "ICH");
        var growth = ich.GetProperty("growth");
        Assert.InRange(growth.GetProperty("baselineMl").GetDouble() / before, 0.97, 1.03);
        Assert.InRange(growth.GetProperty("followUpMl").GetDouble() / after, 0.97, 1.03);
        Assert.Equal(after - before, growth.GetProperty("absoluteMl").GetDouble(), 0.5);
        Assert.Equal(100 * (after - before) / before, growth.GetProperty("relativePercent").GetDouble(), 8.0);
        Assert.True(growth.GetProperty("interval").GetProperty("significant").GetBoolean());
        var expansion = ich.GetProperty("expansion");
        Assert.Equal((true, true, true), (Flag(expansion, "over6Ml"), Flag(expansion, "over33Percent"), Flag(expansion, "publishedForType")));

        var registration = document.GetProperty("registration");
        output.WriteLine(registration.ToString());
        Assert.True(Flag(registration, "reliable"));
        AssertMotion(registration);
        var lesion = Assert.Single(document.GetProperty("lesions").EnumerateArray());
        Assert.Equal([1], Ids(lesion, "baselineLesionIds"));
        Assert.Equal([1], Ids(lesion, "followUpLesionIds"));
        Assert.Equal(growth.GetProperty("absoluteMl").GetDouble(), lesion.GetProperty("absoluteMl").GetDouble(), 1e-6);
        Assert.Empty(Codes(document));
        var sdh = document.GetProperty("growth").EnumerateArray().Single(g => g.GetProperty("type").GetString() == "SDH");
        Assert.False(sdh.GetProperty("growth").TryGetProperty("relativePercent", out _));
        Assert.Equal((false, false), (Flag(sdh.GetProperty("expansion"), "expanded"), Flag(sdh.GetProperty("expansion"), "publishedForType")));
    }

    [Fact]
    public async Task The_same_bleeding_in_another_position_has_not_grown_significantly_and_a_new_one_is_new()
    {
        var still = await fixture.Compare(new ComparedHead("still") { Pose = Moved, Blood = [(new(-16, 6, 8), 12), (new(18, -10, 6), 6)] }, Before);

        Assert.Equal(
            [([1], [1]), ([], [2])],
            still.GetProperty("lesions").EnumerateArray().Select(l => (Ids(l, "baselineLesionIds"), Ids(l, "followUpLesionIds"))));
        var old = still.GetProperty("lesions")[0];
        Assert.InRange(Math.Abs(old.GetProperty("absoluteMl").GetDouble()), 0, 0.25);
        Assert.False(still.GetProperty("lesions")[1].TryGetProperty("relativePercent", out _));

        var unchanged = await fixture.Compare(new ComparedHead("unchanged") { Pose = Moved }, Before);
        Assert.False(Flag(unchanged.GetProperty("totalGrowth").GetProperty("interval"), "significant"));
    }

    [Fact]
    public async Task Another_way_of_scanning_is_warned_of()
    {
        var tilted = new ComparedHead("tilted")
        {
            Geometry = Stacks.Tilted(128, 128, 24, 15, 1, 5), Kernel = "FC26", Date = null,
        };
        var document = await fixture.Compare(tilted, Before);

        Assert.False(document.TryGetProperty("hoursBetween", out _));
        Assert.Superset(
            new HashSet<string> { "comparison.time_unknown", "comparison.thickness_differs", "comparison.spacing_differs", "comparison.gantry_tilt_differs", "comparison.kernel_differs" },
            Codes(document).ToHashSet());
    }

    [Fact]
    public async Task A_later_baseline_is_warned_of() =>
        Assert.Equal(["comparison.baseline_is_later"], Codes(await fixture.Compare(Before, Grown)));

    [Fact]
    public async Task Part_of_a_head_matches_no_lesions_and_says_why()
    {
        var geometry = ComparedHead.Axial;
        var upper = new VolumeGeometry(
            geometry.Columns, geometry.Rows, geometry.RowDirection, geometry.ColumnDirection, 1, 1, [.. geometry.Slices.Skip(29)]);
        var part = new ComparedHead("part") { Geometry = upper, Pose = new HeadPose(0, 0, 0, new(0, 0, -36.25)) };
        var document = await fixture.Compare(part, Before);

        Assert.False(document.TryGetProperty("lesions", out _));
        Assert.Contains("comparison.registration_unreliable", Codes(document));
        Assert.False(Flag(document.GetProperty("registration"), "reliable"));
        Assert.NotEmpty(document.GetProperty("registration").GetProperty("reason").GetString()!);
    }

    [Fact]
    public async Task Patients_that_differ_or_are_not_known_are_not_compared()
    {
        await fixture.Refuses(new ComparedHead("other") { PatientId = "COMPARED-2" }, Before, 422, "comparison.patient_differs");
        await fixture.Refuses(new ComparedHead("nameless") { PatientId = null }, Before, 422, "comparison.patient_unknown");
    }

    [Fact]
    public async Task A_baseline_that_is_missing_unknown_foreign_or_the_study_itself_is_refused()
    {
        var study = await fixture.Study(Before);
        var path = $"/api/v1/studies/{study}/comparison";
        await CallerTests.Refused(await fixture.Client.GetAsync(path), 400, "request.invalid");
        await CallerTests.Refused(await fixture.Client.GetAsync($"{path}?baseline=first"), 400, "request.invalid");
        await CallerTests.Refused(await fixture.Client.GetAsync($"{path}?baseline={study}"), 400, "request.invalid");
        await CallerTests.Refused(await fixture.Client.GetAsync($"{path}?baseline={Guid.NewGuid()}"), 404, "not_found");
        var foreign = await fixture.Foreign(Before);
        await CallerTests.Refused(await fixture.Client.GetAsync($"{path}?baseline={foreign}"), 404, "not_found");
        await CallerTests.Refused(await fixture.Client.GetAsync($"/api/v1/studies/{foreign}/comparison?baseline={study}"), 404, "not_found");
    }

    [Fact]
    public async Task Studies_of_two_versions_of_a_model_are_not_compared()
    {
        var service = await TestService.Start(network: TinyNetwork.IchBetween(ComparedHead.BloodFromHu, ComparedHead.BoneFromHu));
        var (client, key, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var (earlier, job) = await client.Upload(Before.Zip());
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());
        var folder = await service.Stop();

        await using var updated = await TestService.Start(folder: folder, network: TinyNetwork.IchBetween(ComparedHead.BloodFromHu + 1, ComparedHead.BoneFromHu));
        client = new HttpClient { BaseAddress = updated.Anonymous.BaseAddress, DefaultRequestHeaders = { { ApiKeyAuthentication.Header, key } } };
        var (later, laterJob) = await client.Upload(Grown.Zip());
        Assert.Equal("succeeded", (await client.JobEnded(laterJob)).Status());
        await CallerTests.Refused(await client.GetAsync($"/api/v1/studies/{later}/comparison?baseline={earlier}"), 409, "comparison.model_differs");
    }

    private static void AssertMotion(JsonElement registration)
    {
        var matrix = registration.GetProperty("followUpToBaselineLps").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
        var middle = ComparedHead.Axial.CentreLpsMm();
        foreach (var head in new Vector3D[] { default, new(50, 0, 0), new(0, 50, 0), new(0, 0, 50) })
        {
            var (from, to) = (Moved.ToLpsMm(head) + middle, head + middle);
            var at = new Vector3D(Row(0), Row(1), Row(2));
            Assert.InRange((at - to).Length, 0, 1.0);
            double Row(int i) => (matrix[i][0] * from.X) + (matrix[i][1] * from.Y) + (matrix[i][2] * from.Z) + matrix[i][3];
        }
    }

    private static bool Flag(JsonElement element, string name) => element.GetProperty(name).GetBoolean();

    private static int[] Ids(JsonElement lesion, string name) => [.. lesion.GetProperty(name).EnumerateArray().Select(i => i.GetInt32())];

    private static IEnumerable<string> Codes(JsonElement document) => document.GetProperty("warnings").EnumerateArray().Select(w => w.GetProperty("code").GetString()!);

    /// <summary>A service whose model takes what is between brain and bone for blood.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly Dictionary<string, Guid> _studies = [];
        private TestService _service = null!;

        public HttpClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _service = await TestService.Start(network: TinyNetwork.IchBetween(ComparedHead.BloodFromHu, ComparedHead.BoneFromHu));
            (Client, _, _) = await _service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        }

        public ValueTask DisposeAsync() => _service.DisposeAsync();

        internal async Task<Guid> Study(ComparedHead head)
        {
            if (!_studies.TryGetValue(head.Name, out var study))
            {
                _studies[head.Name] = study = await Segmented(Client, head);
            }

            return study;
        }

        internal async Task<Guid> Foreign(ComparedHead head)
        {
            var (client, _, _) = await _service.Client("b", Scopes.StudiesRead, Scopes.StudiesWrite);
            return await Segmented(client, head);
        }

        internal async Task<JsonElement> Compare(ComparedHead followUp, ComparedHead baseline)
        {
            using var answer = await Client.GetAsync(await Path(followUp, baseline));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }

        internal async Task Refuses(ComparedHead followUp, ComparedHead baseline, int status, string code) =>
            await CallerTests.Refused(await Client.GetAsync(await Path(followUp, baseline)), status, code);

        private async Task<string> Path(ComparedHead followUp, ComparedHead baseline) =>
            $"/api/v1/studies/{await Study(followUp)}/comparison?baseline={await Study(baseline)}";

        private static async Task<Guid> Segmented(HttpClient client, ComparedHead head)
        {
            var (study, job) = await client.Upload(head.Zip());
            var ended = await client.JobEnded(job);
            Assert.True(ended.Status() == "succeeded", ended.ToString());
            return study;
        }
    }
}
