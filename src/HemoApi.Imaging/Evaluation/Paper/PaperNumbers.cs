namespace HemoApi.Imaging.Evaluation.Paper;

/// <summary>The numbers of Xu et al. 2021 that the cohort of phantoms and the evaluation of a model compute, too.</summary>
public static class PaperNumbers
{
    public const string Table1 = "Table 1";
    public const string Table2 = "Table 2";
    public const string Table3 = "Table 3";
    public const string Differences = "Results, Statistical Analysis: differences";
    public const string Bias = "Results, Statistical Analysis: Wilcoxon signed-rank test";
    public const string Clean = "Results, Statistical Analysis: non-hemorrhagic cases";

    public const string Internal = "internal";
    public const string External = "external";
    public const string Model = "model_on_reference_cases";
    public const string Abc2 = "abc2";
    private const string IchA = "ICH, Hospital A";
    private const string IchB = "ICH, Hospital B";

    /// <summary>In the order of the paper; what is printed there, never rounded.</summary>
    public static IReadOnlyList<PaperNumber> All { get; } =
    [
        .. Readers("ICH", "ICH 0.95 ± 0.03 0.90 ± 0.13 0.93 ± 0.04 0.9963", "0.95 ± 0.03", "0.90 ± 0.13", "0.93 ± 0.04", "0.9963"),
        .. Readers("EDH", "EDH 0.93 ± 0.11 0.93 ± 0.09 0.93 ± 0.08 0.9967", "0.93 ± 0.11", "0.93 ± 0.09", "0.93 ± 0.08", "0.9967"),
        .. Readers("SDH", "SDH 0.91 ± 0.11 0.89 ± 0.09 0.93 ± 0.05 0.9847", "0.91 ± 0.11", "0.89 ± 0.09", "0.93 ± 0.05", "0.9847"),

        Dice(IchA, "0.90 ± 0.06", "ICH 0.90 ± 0.06/0.86 ± 0.09", Internal, "ICH"),
        Dice(IchB, "0.86 ± 0.09", "ICH 0.90 ± 0.06/0.86 ± 0.09", External, "ICH"),
        Dice("EDH", "0.88 ± 0.12", "EDH 0.88 ± 0.12", Internal, "EDH"),
        Dice("SDH", "0.82 ± 0.16", "SDH 0.82 ± 0.16", Internal, "SDH"),

        Icc(IchA, "model", "0.9978", IchRow, Internal, "ICH", Model),
        Icc(IchA, "ABC/2", "0.9509", IchRow, Internal, "ICH", Abc2),
        Pearson(IchA, "model", "0.9979", IchRow, Internal, "ICH", Model),
        Pearson(IchA, "ABC/2", "0.9375", IchRow, Internal, "ICH", Abc2),
        Icc(IchB, "model", "0.9978", IchRow, External, "ICH", Model),
        Icc(IchB, "ABC/2", "0.9780", IchRow, External, "ICH", Abc2),
        Pearson(IchB, "model", "0.9960", IchRow, External, "ICH", Model),
        Pearson(IchB, "ABC/2", "0.9576", IchRow, External, "ICH", Abc2),
        Icc("EDH", "model", "0.9983", "EDH 0.9983 - 0.9969", Internal, "EDH", Model),
        Pearson("EDH", "model", "0.9969", "EDH 0.9983 - 0.9969", Internal, "EDH", Model),
        Icc("SDH", "model", "0.9882", "SDH 0.9882 - 0.9930", Internal, "SDH", Model),
        Pearson("SDH", "model", "0.9930", "SDH 0.9882 - 0.9930", Internal, "SDH", Model),

        .. Difference($"{IchA}, ABC/2", Internal, "ICH", Abc2, "3.2", "11.5", "7.3", "For ICH from Hospital A, the difference mean between the ABC/2 method and the ground truth was 3.2 ml, while the difference standard deviation was 11.5 ml and the absolute difference mean was 7.3 ml."),
        .. Difference($"{IchA}, model", Internal, "ICH", Model, "1.3", "1.6", "1.5", "However, for ICH volume estimated by the deep framework, the difference mean was 1.3 ml, the standard deviation was 1.6 ml, and the absolute difference mean was 1.5 ml."),
        .. Difference($"{IchB}, ABC/2", External, "ICH", Abc2, "−2.1", "10.1", "7.0", "For ICH from Hospital B, the difference mean of the ABC/2 method was -2.1 ml while the difference standard deviation was 10.1 ml, and the absolute difference mean was 7.0 ml."),
        .. Difference($"{IchB}, model", External, "ICH", Model, "−0.5", "4.1", "0.6", "DL model, the difference mean was -0.5 ml, with a standard deviation of 4.1 ml, and an absolute difference mean of 0.6 ml."),
        .. Difference("EDH, model", Internal, "EDH", Model, "−0.3", "1.4", "1.1", "For EDH, the difference mean between the DL model and the ground truth was -0.3 ml, with a standard deviation of 1.4 ml, and an absolute mean of 1.1 ml."),
        .. Difference("SDH, model", Internal, "SDH", Model, "−1.2", "1.5", "1.4", "For SDH, the mean volume difference was -1.2 ml, with a standard deviation of 1.5 ml, and an absolute mean of 1.4 ml."),

        Shift(IchA, "1.0", OverA, Internal, "ICH"),
        P(IchA, "< 0.001", OverA, Internal, "ICH"),
        Shift(IchB, "−0.4", UnderB, External, "ICH"),
        P(IchB, "< 0.001", UnderB, External, "ICH"),
        P("EDH", "0.296", "there was no clear difference in hemorrhage volume estimation between the DL-based segmentation and the ground truth (p = 0.296)", Internal, "EDH"),
        Shift("SDH", "−0.8", "the DL model underestimated the hemorrhage volume by 0.8 ml (p < 0.001)", Internal, "SDH"),
        P("SDH", "< 0.001", "the DL model underestimated the hemorrhage volume by 0.8 ml (p < 0.001)", Internal, "SDH"),

        new(Clean, "Clean scans, Hospital B", "found clean", "96.5 % (388/402)", "the DL model successfully identified 388 negative cases from 402 non-hemorrhagic cases with an accuracy of 96.5%", new(External, "any", "model", "specificity"), Print.Percent),
    ];

    private const string IchRow = "ICH 0.9978 0.9978* 0.9509 0.9780* 0.9979 0.9960* 0.9375 0.9576*";
    private const string OverA = "tended to systematically overestimate ICH volume by 1.0 ml for Hospital A (p < 0.001)";
    private const string UnderB = "underestimated it by 0.4 ml for Hospital B (p < 0.001)";

    private static IEnumerable<PaperNumber> Readers(string type, string quote, string first, string second, string third, string icc) =>
    [
        .. new[] { first, second, third }.Select((printed, i) =>
            new PaperNumber(Table1, type, $"Dice, reader {i + 1}", printed, quote, new(Internal, type, $"reader:r{i + 1}", "dice.mean"), Print.MeanAndSd)),
        new(Table1, type, "ICC of volumes", icc, quote, new(Internal, type, "readers", "icc.agreement"), Print.Coefficient),
    ];

    private static PaperNumber Dice(string row, string printed, string quote, string site, string type) =>
        new(Table2, row, "Dice", printed, quote, new(site, type, Model, "dice.mean"), Print.MeanAndSd);

    private static PaperNumber Icc(string row, string method, string printed, string quote, string site, string type, string of) =>
        new(Table3, row, $"ICC, {method}", printed, quote, new(site, type, of, "icc.agreement"), Print.Coefficient);

    private static PaperNumber Pearson(string row, string method, string printed, string quote, string site, string type, string of) =>
        new(Table3, row, $"PCC, {method}", printed, quote, new(site, type, of, "pearson.r"), Print.Coefficient);

    private static IEnumerable<PaperNumber> Difference(string row, string site, string type, string of, string mean, string sd, string absolute, string quote) =>
    [
        new(Differences, row, "mean, ml", mean, quote, new(site, type, of, "difference.mean_ml"), Print.Ml),
        new(Differences, row, "SD, ml", sd, quote, new(site, type, of, "difference.sd_ml"), Print.Ml),
        new(Differences, row, "mean absolute, ml", absolute, quote, new(site, type, of, "difference.mean_absolute_ml"), Print.Ml),
    ];

    private static PaperNumber Shift(string row, string printed, string quote, string site, string type) =>
        new(Bias, row, "shift, ml", printed, quote, new(site, type, Model, "wilcoxon.pseudomedian_ml"), Print.Ml);

    private static PaperNumber P(string row, string printed, string quote, string site, string type) =>
        new(Bias, row, "p", printed, quote, new(site, type, Model, "wilcoxon.p"), Print.P);
}
