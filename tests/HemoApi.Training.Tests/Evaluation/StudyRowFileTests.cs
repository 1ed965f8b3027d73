using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Tests.Evaluation;

public sealed class StudyRowFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-rows-").FullName;

    private string Csv => Path.Combine(_folder, StudyRowFile.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_start_finds_the_rows_of_the_first_to_the_last_bit()
    {
        StudyRow[] rows = [Row("a", 1 / 3.0), Row("b, \"the second\"", 7.25), Row("clean", 0)];
        var first = new StudyRowFile(_folder, Manifest(0.5f));
        Array.ForEach(rows, first.Add);

        var second = new StudyRowFile(_folder, Manifest(0.5f));

        Assert.Equal(rows.Select(r => r.Name), second.Rows.Select(r => r.Name));
        Assert.Equal(rows.SelectMany(r => r.Types), second.Rows.SelectMany(r => r.Types));
        Assert.Equal(rows.Select(r => r.Union.Dice), second.Rows.Select(r => r.Union.Dice));
        Assert.All(rows.Zip(second.Rows), pair => Assert.Equal(pair.First.Union.SliceDice, pair.Second.Union.SliceDice));
    }

    [Fact]
    public void Half_a_line_of_a_killed_process_is_dropped_and_the_file_goes_on_whole()
    {
        var first = new StudyRowFile(_folder, Manifest(0.5f));
        first.Add(Row("a", 1));
        first.Add(Row("b", 2));
        File.WriteAllText(Csv, File.ReadAllText(Csv)[..^9]);

        var second = new StudyRowFile(_folder, Manifest(0.5f));
        Assert.Equal(["a"], second.Rows.Select(r => r.Name));
        second.Add(Row("c", 3));

        Assert.Equal(["a", "c"], new StudyRowFile(_folder, Manifest(0.5f)).Rows.Select(r => r.Name));
    }

    [Fact]
    public void Rows_of_other_thresholds_are_not_mixed_in()
    {
        new StudyRowFile(_folder, Manifest(0.5f)).Add(Row("a", 1));

        Assert.Contains("another", Assert.Throws<InvalidDataException>(() => new StudyRowFile(_folder, Manifest(0.55f))).Message, StringComparison.Ordinal);
    }

    private static StudyRow Row(string name, double ml) => new(
        name,
        2.5,
        [.. HemorrhageTypes.All.Select(t => new TypeScore(t, ml * (int)t, ml, ml > 0 ? 0.1 / (int)t : null, t == HemorrhageType.Ich ? ml * 0.7 : null))],
        new UnionAgreement(ml > 0 ? 0.1 + (ml / 100) : null, ml > 0 ? [0.25, 1 / 3.0, 0] : []));

    private static ModelManifest Manifest(float threshold) => new()
    {
        SchemaVersion = 1,
        Id = "m",
        Version = "1",
        Sha256 = new string('0', 64),
        Input = new("image", 512, 64, 0.5, HuNormalisation.Default),
        Output = new("probabilities", ["ICH", "EDH", "SDH"], [threshold, 0.5f, 0.5f]),
        MinimumLesionVolumeMl = 0,
        TrainingRange = new(new(1, 6), new(0.4, 0.6), new(0, 20)),
        Card = new("", "", "", new Dictionary<string, double>(), "", "", ""),
    };
}
