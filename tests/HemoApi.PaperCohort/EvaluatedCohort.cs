using System.Text.Json;
using HemoApi.Imaging.Masks;

namespace HemoApi.PaperCohort;

/// <summary>All that the report shows.</summary>
/// <param name="Measured">Until the last study was measured and read.</param>
/// <param name="Took">With the evaluation.</param>
internal sealed record EvaluatedCohort(double Scale, IReadOnlyList<CohortCase> Planned, Figures Figures, Cases Cases, TimeSpan Measured, TimeSpan Took);

/// <summary>One type of one case.</summary>
/// <param name="Abc2Ml">Of the reference's outlines; null for EDH and SDH.</param>
internal sealed record CaseVolumes(string Site, string Type, double ReferenceMl, double ModelMl, double? Abc2Ml);

/// <summary>The cases of an evaluation, from its results.</summary>
internal sealed class Cases
{
    public Cases(string results)
    {
        using var document = JsonDocument.Parse(results);
        var root = document.RootElement;
        var model = root.GetProperty("model");
        Model = $"{model.GetProperty("id").GetString()} {model.GetProperty("version").GetString()}, SHA-256 {model.GetProperty("sha256").GetString()}";
        Count = root.GetProperty("cases").GetArrayLength();
        LeftOut = root.GetProperty("leftOut").GetArrayLength();
        Volumes =
        [
            .. from c in root.GetProperty("cases").EnumerateArray()
               from type in c.GetProperty("types").EnumerateArray()
               select new CaseVolumes(
                   c.GetProperty("site").GetString()!,
                   type.GetProperty("type").GetString()!,
                   type.GetProperty("referenceVolumeMl").GetDouble(),
                   type.GetProperty("volumeMl").GetDouble(),
                   type.TryGetProperty("referenceAbc2Ml", out var abc2) && abc2.ValueKind == JsonValueKind.Number ? abc2.GetDouble() : null),
        ];
    }

    public string Model { get; }

    public int Count { get; }

    public int LeftOut { get; }

    public IReadOnlyList<CaseVolumes> Volumes { get; }

    /// <summary>Those in which the reference holds the type, as in the paper.</summary>
    public IReadOnlyList<CaseVolumes> Of(string site, HemorrhageType type) => [.. Volumes.Where(v => v.Site == site && v.Type == type.Code() && v.ReferenceMl > 0)];
}
