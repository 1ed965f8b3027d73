namespace HemoApi.PaperCohort;

/// <summary>How a figure is printed.</summary>
internal enum Print
{
    MeanAndSd,
    Coefficient,
    Ml,
    P,
    Percent,
}

/// <summary>Which statistic of an evaluation is held against a number of the paper; the columns of its <c>statistics.csv</c>.</summary>
internal sealed record StatisticKey(string Site, string Type, string Of, string Statistic);

/// <summary>One number of Xu et al. 2021 (doi:10.3389/fnins.2020.541817).</summary>
/// <param name="Place">Table or section of the paper.</param>
/// <param name="Printed">The number, as the paper has it.</param>
/// <param name="Quote">The row or sentence that holds it.</param>
/// <param name="Here">What stands beside it.</param>
internal sealed record PaperNumber(string Place, string Row, string Column, string Printed, string Quote, StatisticKey Here, Print Print);
