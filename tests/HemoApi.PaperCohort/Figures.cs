using System.Globalization;
using HemoApi.Imaging.Evaluation.Paper;
using Microsoft.VisualBasic.FileIO;

namespace HemoApi.PaperCohort;

/// <param name="Low">Of the 95 % interval; null where there is none.</param>
internal sealed record Figure(double? Value, double? Low, double? High, int? Count);

/// <summary>The statistics of an evaluation, from its <c>statistics.csv</c>.</summary>
internal sealed class Figures
{
    private readonly Dictionary<StatisticKey, Figure> _figures = [];

    public Figures(string csv)
    {
        using var parser = new TextFieldParser(new StringReader(csv)) { Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        string[] columns = parser.ReadFields()!;
        int Column(string name) => Array.IndexOf(columns, name) is >= 0 and var i ? i : throw new FormatException($"statistics.csv has no column {name}");
        var (site, type, of, statistic, value, low, high, count) =
            (Column("site"), Column("type"), Column("of"), Column("statistic"), Column("value"), Column("low"), Column("high"), Column("n"));
        while (parser.ReadFields() is { } row)
        {
            _figures[new(row[site], row[type], row[of], row[statistic])] = new(Number(row[value]), Number(row[low]), Number(row[high]), (int?)Number(row[count]));
        }
    }

    /// <exception cref="KeyNotFoundException">The evaluation does not have this statistic at all.</exception>
    public Figure this[StatisticKey key] => _figures.TryGetValue(key, out var figure) ? figure : throw new KeyNotFoundException($"no statistic {key}");

    /// <summary>The SD beside a mean; null where the number has none.</summary>
    public double? SdOf(PaperNumber number) => number.Print == Print.MeanAndSd ? this[number.Here with { Statistic = number.Here.Statistic.Replace(".mean", ".sd", StringComparison.Ordinal) }].Value : null;

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
