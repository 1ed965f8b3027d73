using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HemoApi.Imaging.Inference;

namespace HemoApi.Imaging.Tests.Inference;

public sealed class ManifestReaderTests
{
    [Fact]
    public void A_manifest_that_was_written_is_read_back()
    {
        var manifest = TinyNetwork.Manifest([1]);

        var read = ManifestReader.Read(JsonSerializer.SerializeToUtf8Bytes(manifest, ModelManifest.JsonOptions), "tiny.json").Value;

        Assert.Equal((manifest.Id, manifest.Sha256, manifest.Input, manifest.TrainingRange), (read.Id, read.Sha256, read.Input, read.TrainingRange));
        Assert.Equal(manifest.Output.Thresholds, read.Output.Thresholds);
    }

    [Fact]
    public void Temperatures_may_be_absent_and_are_written_only_where_there_are_some()
    {
        var manifest = TinyNetwork.Manifest([1]);
        var calibrated = manifest with { Output = manifest.Output with { Temperature = [1.5f, 1, 0.8f] } };

        Assert.DoesNotContain("temperature", JsonSerializer.Serialize(manifest, ModelManifest.JsonOptions), StringComparison.Ordinal);
        Assert.Null(ManifestReader.Read(JsonSerializer.SerializeToUtf8Bytes(manifest, ModelManifest.JsonOptions), "tiny.json").Value.Output.Temperature);
        Assert.Equal(
            [1.5f, 1, 0.8f], ManifestReader.Read(JsonSerializer.SerializeToUtf8Bytes(calibrated, ModelManifest.JsonOptions), "tiny.json").Value.Output.Temperature!);
    }

    [Fact]
    public void Rules_for_findings_are_read_back()
    {
        var rule = Rule();

        var read = ManifestReader.Read(JsonSerializer.SerializeToUtf8Bytes(TinyNetwork.Manifest([1]) with { FindingRules = [rule] }, ModelManifest.JsonOptions), "tiny.json").Value;

        var only = Assert.Single(read.FindingRules!);
        Assert.Equal((rule.Type, rule.MinimumProbability), (only.Type, only.MinimumProbability));
        Assert.Equal(rule.Means.Concat(rule.Sds).Concat(rule.Weights), only.Means.Concat(only.Sds).Concat(only.Weights));
    }

    public static TheoryData<string, FindingRule[]> RulesThatCannotBeApplied => new()
    {
        { "type", [Rule() with { Type = "SAH" }] },
        { "means", [Rule() with { Means = [0] }] },
        { "sds", [Rule() with { Sds = [1, 1, 1, 0, 1, 1] }] },
        { "weights", [Rule() with { Weights = new double[27] }] },
        { "probability", [Rule() with { MinimumProbability = 1.5 }] },
        { "two", [Rule(), Rule()] },
    };

    [Theory]
    [MemberData(nameof(RulesThatCannotBeApplied))]
    public void Rules_for_findings_that_cannot_be_applied_are_refused(string what, FindingRule[] rules)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(TinyNetwork.Manifest([1]) with { FindingRules = rules }, ModelManifest.JsonOptions);

        Assert.True(ManifestReader.Read(json, "tiny.json").Fault?.Code == FaultCodes.ModelIntegrity, what);
    }

    [Theory]
    [InlineData("schemaVersion", "2")]
    [InlineData("schemaVersion", "null")]
    [InlineData("id", "\"Tiny\"")]
    [InlineData("id", "\"../tiny\"")]
    [InlineData("version", "\"\"")]
    [InlineData("sha256", "\"abc\"")]
    [InlineData("minimumLesionVolumeMl", "-1")]
    [InlineData("surprise", "1")]
    [InlineData("input.name", "\"\"")]
    [InlineData("input.fullSize", "36")]
    [InlineData("input.fullSize", "0")]
    [InlineData("input.sizeMultiple", "0")]
    [InlineData("input.spacingMm", "0")]
    [InlineData("input.spacingMm", "\"NaN\"")]
    [InlineData("input.hu.highHu", "-20")]
    [InlineData("input.surprise", "1")]
    [InlineData("output.classes", "[\"ICH\",\"EDH\"]")]
    [InlineData("output.classes", "[\"ICH\",\"EDH\",\"EDH\"]")]
    [InlineData("output.classes", "[\"ICH\",\"EDH\",null]")]
    [InlineData("output.classes", "[\"ICH\",\"EDH\",\"SAH\"]")]
    [InlineData("output.thresholds", "[0.5,0.5]")]
    [InlineData("output.thresholds", "[0.5,0.5,0]")]
    [InlineData("output.thresholds", "[0.5,0.5,1.1]")]
    [InlineData("output.thresholds", "null")]
    [InlineData("output.temperature", "[1,1]")]
    [InlineData("output.temperature", "[1,1,0]")]
    [InlineData("output.temperature", "[1,1,21]")]
    [InlineData("findingRules", "[null]")]
    [InlineData("trainingRange.medianSoftTissueHu", "{\"minimum\":50,\"maximum\":10}")]
    [InlineData("trainingRange.sliceThicknessMm", "{\"minimum\":5,\"maximum\":1}")]
    public void A_manifest_with_a_value_that_cannot_work_is_refused(string member, string value)
    {
        var json = Json();
        var path = member.Split('.');
        var parent = path[..^1].Aggregate(json, (node, name) => node[name]!.AsObject());
        parent[path[^1]] = JsonNode.Parse(value);

        var fault = ManifestReader.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), "tiny.json").Fault;

        Assert.Equal(FaultCodes.ModelIntegrity, fault?.Code);
        Assert.StartsWith("tiny.json ", fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("input")]
    [InlineData("input.spacingMm")]
    [InlineData("input.hu.lowHu")]
    [InlineData("output.thresholds")]
    [InlineData("trainingRange.gantryTiltDegrees")]
    [InlineData("card.intendedUse")]
    public void A_manifest_without_a_member_is_refused(string member)
    {
        var json = Json();
        var path = member.Split('.');
        Assert.True(path[..^1].Aggregate(json, (node, name) => node[name]!.AsObject()).Remove(path[^1]));

        Assert.Equal(FaultCodes.ModelIntegrity, ManifestReader.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), "tiny.json").Fault?.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    public void What_is_not_a_manifest_is_refused(string json) =>
        Assert.Equal(FaultCodes.ModelIntegrity, ManifestReader.Read(Encoding.UTF8.GetBytes(json), "tiny.json").Fault?.Code);

    private static FindingRule Rule() => new("SDH", new double[6], [1, 1, 1, 1, 1, 1], [.. Enumerable.Range(0, 28).Select(i => i / 10.0)], 0.5);

    private static JsonObject Json() => JsonSerializer.SerializeToNode(TinyNetwork.Manifest([1]), ModelManifest.JsonOptions)!.AsObject();
}
