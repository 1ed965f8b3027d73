using System.Globalization;
using System.Net;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Evaluation.Statistics;

namespace HemoApi.Evaluations;

/// <summary>Figures as a report prints them; a dash where there is none.</summary>
internal static class ReportText
{
    public const string None = "–";

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    public static string Cases(int count) => count == 1 ? "1 case" : string.Create(CultureInfo.InvariantCulture, $"{count} cases");

    public static string Number(double? value, int decimals) =>
        value is { } v && double.IsFinite(v) ? v.ToString($"F{decimals}", CultureInfo.InvariantCulture).Replace('-', '−') : None;

    public static string Interval(ConfidenceInterval? interval, int decimals) =>
        interval is { } i ? $"<span class=\"interval\">({Number(i.Low, decimals)} to {Number(i.High, decimals)})</span>" : "";

    public static string With(double? value, ConfidenceInterval? interval, int decimals) => value is null ? None : $"{Number(value, decimals)} {Interval(interval, decimals)}";

    /// <summary>Mean ± SD and the interval of the mean.</summary>
    public static string Mean(MetricSummary metric, int decimals) => metric.Mean is null
        ? None
        : $"{WithSd(metric.Mean, metric.Sd, decimals)} {Interval(metric.MeanInterval, decimals)}{Missing(metric)}";

    /// <summary>A single case has no SD.</summary>
    public static string WithSd(double? mean, double? sd, int decimals) => sd is null ? Number(mean, decimals) : $"{Number(mean, decimals)} ± {Number(sd, decimals)}";

    public static string Median(MetricSummary metric, int decimals) => With(metric.Median, metric.MedianInterval, decimals);

    public static string P(double? p) => p switch
    {
        null => None,
        < 0.001 => "&lt; 0.001",
        _ => Number(p, 3),
    };

    public static string Share(Proportion? share) => share is null
        ? None
        : $"{Number(share.Share * 100, 1)} % ({share.Hits}/{share.Count}) <span class=\"interval\">({Number(share.Interval.Low * 100, 1)} to {Number(share.Interval.High * 100, 1)})</span>";

    private static string Missing(MetricSummary metric) => metric.Missing == 0 ? "" : $" <span class=\"interval\">[{metric.Missing} without]</span>";
}
