using System.Globalization;

namespace HemoApi.Imaging.Evaluation.Paper;

/// <summary>How a figure is printed.</summary>
public enum Print
{
    MeanAndSd,
    Coefficient,
    Ml,
    P,
    Percent,
}

/// <summary>Which statistic of an evaluation is held against a number of the paper; the columns of its <c>statistics.csv</c>.</summary>
public sealed record StatisticKey(string Site, string Type, string Of, string Statistic);

/// <summary>One number of Xu et al. 2021 (doi:10.3389/fnins.2020.541817).</summary>
/// <param name="Place">Table or section of the paper.</param>
/// <param name="Printed">The number, as the paper has it.</param>
/// <param name="Quote">The row or sentence that holds it.</param>
/// <param name="Here">What stands beside it.</param>
public sealed record PaperNumber(string Place, string Row, string Column, string Printed, string Quote, StatisticKey Here, Print Print)
{
    /// <summary>The number itself, a mean without its SD; a share for percents, and for "&lt; p" that p.</summary>
    public double Value
    {
        get
        {
            var digits = new string([.. Printed.Replace('−', '-').TrimStart('<', ' ').TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or '-')]);
            return double.Parse(digits, CultureInfo.InvariantCulture) / (Print == Print.Percent ? 100 : 1);
        }
    }
}
