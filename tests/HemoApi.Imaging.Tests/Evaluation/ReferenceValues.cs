using System.Globalization;

namespace HemoApi.Imaging.Tests.Evaluation;

/// <summary>Numbers that SciPy and R computed; the files begin with the versions and the command, and the scripts lie beside them.</summary>
internal static class ReferenceValues
{
    private static readonly Dictionary<string, double[]> Values = Read("statistics.py.txt").Concat(Read("statistics.R.txt")).Concat(Read("detection.py.txt")).ToDictionary();

    public static double[] Of(string name) => Values[name];

    private static IEnumerable<KeyValuePair<string, double[]>> Read(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Evaluation", "References", file))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(": "))
            .Select(parts => KeyValuePair.Create(
                parts[0], parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray()));
}
