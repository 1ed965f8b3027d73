using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HemoApi.Imaging.Tests.Dicom;

public class ConformanceStatementTests
{
    [Fact]
    public void Every_row_names_a_test_that_exists()
    {
        var tests = typeof(ConformanceStatementTests).Assembly.GetTypes();
        string[] names = [.. tests.Select(t => t.Name), .. tests.SelectMany(t => t.GetMethods()).Select(m => m.Name)];
        var rows = File.ReadAllLines(Statement()).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.Contains("---")).ToList();
        var cited = rows.Where(row => !row.EndsWith("| test |", StringComparison.Ordinal))
            .Select(row => Regex.Matches(row.TrimEnd('|', ' ').Split('|')[^1], "`(\\w+)`").Select(m => m.Groups[1].Value).ToList())
            .ToList();

        Assert.True(cited.Count > 30);
        Assert.All(cited, row => Assert.NotEmpty(row));
        Assert.All(cited.SelectMany(row => row), name => Assert.Contains(name, names));
    }

    private static string Statement([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../src/HemoApi.Imaging/Dicom/README.md");
}
