using System.Text.RegularExpressions;
using HemoApi.Imaging.Evaluation.Paper;

namespace HemoApi.Imaging.Tests.Evaluation.Paper;

/// <summary>The numbers that the report of the phantom cohort sets beside its own are those of Xu et al. 2021.</summary>
public sealed partial class PaperNumbersTests
{
    [Fact]
    public void Each_number_stands_in_the_row_or_sentence_that_is_quoted_for_it() =>
        Assert.All(PaperNumbers.All, number => Assert.All(Numbers().Matches(number.Printed), n => Assert.Contains(n.Value, Numbers().Matches(number.Quote).Select(m => m.Value))));

    /// <summary>The paper is no part of the repository; it is found in a folder <c>shared/paper</c> beside it.</summary>
    [Fact]
    public void Each_quote_stands_in_the_paper()
    {
        var file = TextBesideTheRepository();
        Assert.SkipUnless(File.Exists(file), "the text of the paper is absent");
        var paper = Letters(File.ReadAllText(file));

        Assert.All(PaperNumbers.All, number => Assert.Contains(Letters(number.Quote), paper, StringComparison.Ordinal));
    }

    [Fact]
    public void Signs_of_differences_are_as_quoted() => Assert.All(
        PaperNumbers.All.Where(n => n.Place == PaperNumbers.Differences), n => Assert.Contains($" {n.Printed.Replace('−', '-')} ml", n.Quote, StringComparison.Ordinal));

    [Fact]
    public void Each_place_has_its_numbers_once()
    {
        Assert.Equal(
            new Dictionary<string, int>
            {
                [PaperNumbers.Table1] = 12, [PaperNumbers.Table2] = 4, [PaperNumbers.Table3] = 12, [PaperNumbers.Differences] = 18, [PaperNumbers.Bias] = 7, [PaperNumbers.Clean] = 1,
            },
            PaperNumbers.All.CountBy(n => n.Place).ToDictionary());
        Assert.Distinct(PaperNumbers.All.Select(n => (n.Place, n.Row, n.Column)));
        Assert.Distinct(PaperNumbers.All.Select(n => n.Here));
    }

    /// <summary>What spacing, typesetting and kinds of dash don't change.</summary>
    private static string Letters(string text) => NotLetters().Replace(text.Replace(@"\pm", "", StringComparison.Ordinal), "").ToLowerInvariant();

    private static string TextBesideTheRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HemoApi.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? ".", "..", "shared", "paper", "xu-2021.txt");
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"[^\p{L}\p{N}.%<]")]
    private static partial Regex NotLetters();
}
