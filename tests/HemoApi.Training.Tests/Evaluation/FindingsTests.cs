using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Imaging.Tests.Quantification;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Tests.Evaluation;

public sealed class FindingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-findings-").FullName;

    private static ModelManifest Manifest { get; } = TinyNetwork.Manifest([]);

    private string Csv => Path.Combine(_folder, FindingFile.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_finding_knows_its_numbers_and_whether_it_is_blood()
    {
        // A network that calls everything ICH that is as dense as blood: the blood, the other ball that is none, and rims of bone.
        var blood = PhantomLesion.Intracerebral(new(new(20, 10, 20), new(9, 9, 9)), 75);
        var head = Heads.With(new(default, new(60, 84, 64)), Heads.Upright, blood) with
        {
            Structures = [new PhantomStructure(new(new(-30, -20, 5), new(6, 6, 6)), 75)],
        };
        var (image, labels) = PhantomRenderer.Render(head, ScannerSettings.Ideal, Heads.Stack(3));
        using var model = TinyNetwork.Load(TinyNetwork.IchBetween(60, 100), m => m);

        var findings = Finding.Of(model, new("study", image, labels), CancellationToken.None);

        var found = Assert.Single(findings, f => f.IsBlood);
        Assert.Equal(("study", HemorrhageType.Ich), (found.Study, found.Type));
        Assert.Equal(blood.VolumeMl, Math.Exp(found.Numbers[0]), 0.15 * blood.VolumeMl);
        Assert.InRange(found.Numbers[2], 65, 76);
        Assert.Equal(10 / 90.0, found.Numbers[4], 0.06);
        Assert.Equal(20 / 66.0, found.Numbers[5], 0.06);
        var other = Assert.Single(findings, f => Math.Exp(f.Numbers[0]) > 0.5 && Math.Abs(f.Numbers[4] + (20 / 90.0)) < 0.06 && Math.Abs(f.Numbers[5] - (30 / 66.0)) < 0.06);
        Assert.Equal(0, other.BloodShare);
    }

    [Fact]
    public void A_second_start_finds_what_was_measured_and_forgets_a_study_without_its_end()
    {
        var first = new FindingFile(_folder, Manifest);
        first.Add("a", [Some("a", 1 / 3.0), Some("a", 2)]);
        first.Add("b", []);
        first.Add("c", [Some("c", 5)]);
        File.WriteAllText(Csv, File.ReadAllText(Csv)[..^2]);

        var second = new FindingFile(_folder, Manifest);

        Assert.Equal([true, true, false], ((string[])["a", "b", "c"]).Select(second.Has));
        Assert.Equal([1 / 3.0, 2], second.Findings.Select(f => f.Numbers[0]));
        second.Add("c", [Some("c", 7)]);
        Assert.Equal([1 / 3.0, 2, 7], new FindingFile(_folder, Manifest).Findings.Select(f => f.Numbers[0]));
    }

    [Fact]
    public void Half_a_name_at_the_end_is_no_study()
    {
        var first = new FindingFile(_folder, Manifest);
        first.Add("31002", [Some("31002", 5)]);
        File.WriteAllText(Csv, File.ReadAllText(Csv)[..^3]);

        var second = new FindingFile(_folder, Manifest);

        Assert.Equal([false, false], ((string[])["31002", "310"]).Select(second.Has));
        Assert.Empty(second.Findings);
    }

    [Fact]
    public void Findings_of_another_model_are_not_mixed_in_and_other_rules_are_no_other_model()
    {
        new FindingFile(_folder, Manifest).Add("a", [Some("a", 1)]);

        Assert.Throws<InvalidDataException>(() => new FindingFile(_folder, Manifest with { Sha256 = new string('b', 64) }));
        Assert.True(new FindingFile(_folder, Manifest with { MinimumSupport = 0.4, FindingRules = [] }).Has("a"));
    }

    [Fact]
    public void Another_file_is_not_written_over()
    {
        File.WriteAllText(Csv, "study,volume\n");

        Assert.Throws<InvalidDataException>(() => new FindingFile(_folder, Manifest));
        Assert.Equal("study,volume\n", File.ReadAllText(Csv));
    }

    [Fact]
    public void Without_heads_painted_studies_are_left_out_and_the_others_stay_the_same()
    {
        var names = FindingStudies.Of(44, []).Select(s => s.Name).ToList();

        Assert.Equal(28, names.Count);
        Assert.Equal(["31000", "31001", "31002", "31003", "31004", "31006"], names.Take(6));
    }

    private static Finding Some(string study, double number) => new(study, HemorrhageType.Sdh, [number, 0.5, 60, 70, -0.5, 0.25], 0.125);
}
