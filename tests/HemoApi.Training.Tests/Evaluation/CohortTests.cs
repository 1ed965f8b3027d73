using HemoApi.Imaging.Evaluation;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Training.Evaluation;

namespace HemoApi.Training.Tests.Evaluation;

public sealed class CohortTests
{
    [Fact]
    public void A_type_is_judged_on_the_studies_that_have_it_and_clean_ones_give_the_specificity()
    {
        StudyRow[] rows =
        [
            Study("1", (10, 11, 0.9), default, default),
            Study("2", (20, 18, 0.8), (0, 1.5, 0), default),
            Study("3", (30, 33, 0.7), default, default),
            Study("4", (5, 0, 0), default, default),
            Study("5", default, default, default),
            Study("6", default, default, (0, 2, 0)),
        ];

        var figures = CohortFigures.Of(rows);

        var ich = figures.Types[0];
        Assert.Equal(4, ich.Studies);
        Assert.Equal(0.6, ich.Dice.Mean!.Value, 1e-12);
        Assert.Equal(0.75, ich.Dice.Median!.Value, 1e-12);
        Assert.Equal(-0.75, ich.Volume.Difference!.Mean, 1e-12);
        Assert.Equal(2.75, ich.Volume.Difference.MeanAbsolute, 1e-12);
        Assert.Equal((3, 4), (ich.Sensitivity!.Hits, ich.Sensitivity.Count));
        Assert.Equal((1, 6), (figures.Types[1].FalseStudies!.Hits, figures.Types[1].FalseStudies!.Count));
        Assert.Equal(0, figures.Types[1].Studies);
        Assert.Null(figures.Types[1].Sensitivity);
        Assert.Equal((1, 2), (figures.Specificity!.Hits, figures.Specificity.Count));
        Assert.Equal(2, figures.LargestFalseMl);
        Assert.Equal(1, figures.FalseMl!.Mean, 1e-12);
    }

    [Fact]
    public void A_figure_is_reached_where_it_is_at_least_as_good_as_the_papers()
    {
        // The paper: Dice 0.90, mean difference 1.3 ml, SD 1.6 ml, absolute 1.5 ml; 96.5 % of clean scans.
        StudyRow[] rows =
        [
            .. Enumerable.Range(0, 12).Select(i => Study($"{i}", (10 + i, 8.5 + i, 0.91), default, default)),
            .. Enumerable.Range(0, 10).Select(i => Study($"clean {i}", default, default, default)),
        ];

        var lines = PaperTable.Of(CohortFigures.Of(rows));

        Assert.Equal((true, "0.90 ± 0.06"), Of("ICH", "Dice, mean ± SD"));
        Assert.Equal((false, "1.3"), Of("ICH", "volume, mean difference, ml"));
        Assert.Equal((true, "1.6"), Of("ICH", "volume, SD of differences, ml"));
        Assert.Equal((true, "1.5"), Of("ICH", "volume, mean absolute difference, ml"));
        Assert.Equal((true, "96.5 % (388/402)"), Of("any", "specificity: nothing found in studies without hemorrhage"));
        Assert.Equal((null, "0.88 ± 0.12"), Of("EDH", "Dice, mean ± SD"));

        (bool?, string?) Of(string group, string figure)
        {
            var line = lines.Single(l => l.Group == group && l.Figure == figure);
            return (line.IsReached, line.Paper);
        }
    }

    [Fact]
    public void Each_number_of_the_papers_model_on_its_internal_test_stands_in_the_table()
    {
        var lines = PaperTable.Of(CohortFigures.Of([Study("1", (1, 1, 1), (1, 1, 1), (1, 1, 1))]));

        Assert.Equal(
            Imaging.Evaluation.Paper.PaperNumbers.All
                .Where(n => n.Here is { Site: "internal", Of: "model_on_reference_cases" or "abc2" } || n.Here.Type == "any")
                .Select(n => n.Printed).Order(StringComparer.Ordinal),
            lines.Where(l => l.Paper is not null).Select(l => l.Paper!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Types_and_clean_phantoms_have_seeds_of_their_own_and_names_cost_no_phantom()
    {
        StudySource[] sources = [.. HemorrhageTypes.All.Select(t => PhantomStudies.OfType(t, 100)), PhantomStudies.Clean(400)];

        var names = sources.SelectMany(s => s.Studies).Select(s => s.Name).ToList();

        Assert.Equal(700, names.Distinct().Count());
        Assert.Equal(700, sources.Sum(s => s.Count));
        Assert.Equal(700, names.Select(n => n.Split('-')[^1]).Distinct().Count());
        Assert.All(names, n => Assert.InRange(ulong.Parse(n.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture), TrainingSeeds.EvaluationStart, TrainingSeeds.TrainingStart - 1));
    }

    [Fact]
    public void A_study_of_a_type_holds_that_type_alone_and_a_clean_one_none()
    {
        Assert.Equal<byte>([0, 2], Assert.Single(PhantomStudies.OfType(HemorrhageType.Edh, 1).Studies).Reference.Labels.Distinct().Order());
        Assert.Equal<byte>([0], Assert.Single(PhantomStudies.Clean(1).Studies).Reference.Labels.Distinct());
    }

    [Fact]
    public void Figures_of_a_cohort_and_of_other_studies_leave_each_other_alone_on_a_card()
    {
        var card = new ModelCard("", "", "60 phantoms", new Dictionary<string, double> { ["diceIch"] = 0.9 }, "", "", "");

        var both = card
            .WithCohort("700 phantoms", new Dictionary<string, double> { ["cohortDiceIch"] = 0.8 })
            .WithStudies("24 phantoms", new Dictionary<string, double> { ["diceIch"] = 0.7 })
            .WithCohort("70 phantoms", new Dictionary<string, double> { ["cohortDiceSdh"] = 0.6 });

        Assert.Equal(new Dictionary<string, double> { ["diceIch"] = 0.7, ["cohortDiceSdh"] = 0.6 }, both.Metrics);
        Assert.Equal("24 phantoms. Figures named cohort: 70 phantoms", both.EvaluationData);
    }

    [Fact]
    public void A_mean_of_models_takes_no_figures_over_and_an_int8_form_says_whose_figures_it_shows()
    {
        var card = new ModelCard("", "", "60 phantoms", new Dictionary<string, double> { ["diceIch"] = 0.9 }, "", "", "");

        Assert.Empty(card.Unmeasured().Metrics);
        Assert.DoesNotContain("60", card.Unmeasured().EvaluationData);
        Assert.Equal(card.Metrics, card.MeasuredAs("parent").Metrics);
        Assert.Contains("Measured with parent", card.MeasuredAs("parent").EvaluationData);
    }

    /// <param name="ich">Reference ml, found ml, Dice.</param>
    private static StudyRow Study(string name, (double, double, double) ich, (double, double, double) edh, (double, double, double) sdh)
    {
        (double Reference, double Found, double Dice)[] all = [ich, edh, sdh];
        return new(
            name,
            1,
            [.. HemorrhageTypes.All.Zip(all, (type, s) => new TypeScore(
                type, s.Found, s.Reference, s.Found + s.Reference > 0 ? s.Dice : null, type == HemorrhageType.Ich ? s.Reference * 0.7 : null))],
            new UnionAgreement(all.Any(s => s.Found + s.Reference > 0) ? 0.5 : null, all.Any(s => s.Reference > 0) ? [0.4, 0.6] : []));
    }
}
