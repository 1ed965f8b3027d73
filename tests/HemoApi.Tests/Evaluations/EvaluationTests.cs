using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests;
using HemoApi.Tests.References;

namespace HemoApi.Tests.Evaluations;

/// <summary>Six heads of which one has no blood, each drawn by three readers, evaluated once; the figures are computed again by SciPy from
/// the NIfTI files that the service hands out.</summary>
public sealed class EvaluationTests(EvaluationTests.Fixture fixture) : IClassFixture<EvaluationTests.Fixture>
{
    private static readonly double[] Scales = [0.6, 0.75, 0.9, 1, 1.15, 0];

    [Fact]
    public void Every_figure_is_the_one_that_SciPy_finds_in_the_same_masks()
    {
        ExternalTools.RequirePython("nibabel", "numpy", "scipy");
        using var folder = new TemporaryFolder();
        foreach (var (name, bytes) in fixture.Masks)
        {
            File.WriteAllBytes(folder[name], bytes);
        }

        File.WriteAllText(folder["results.json"], fixture.Results.ToString());
        ExternalTools.Python(Script, folder.FullPath, string.Join(' ', fixture.Studies));
    }

    [Fact]
    public void Sites_and_clean_cases_are_counted_apart()
    {
        var groups = fixture.Results.GetProperty("groups").EnumerateArray().ToDictionary(g => g.GetProperty("site").GetString()!, g => g.GetProperty("statistics"));
        Assert.Equal(["all", "internal", "external"], groups.Keys);
        Assert.Equal([6, 4, 2], groups.Values.Select(g => g.GetProperty("cases").GetInt32()));

        var ich = groups["all"].GetProperty("types")[0];
        Assert.Equal((5, 5, 1), (ich.GetProperty("cases").GetInt32(), ich.GetProperty("referenceCases").GetInt32(), ich.GetProperty("emptyCases").GetInt32()));
        var sdh = groups["all"].GetProperty("types")[2];
        Assert.Equal((0, 6), (sdh.GetProperty("cases").GetInt32(), sdh.GetProperty("emptyCases").GetInt32()));
        Assert.Equal(0, sdh.GetProperty("overlap").GetProperty("dice").GetProperty("count").GetInt32());
        Assert.Equal(6, sdh.GetProperty("detection").GetProperty("specificity").GetProperty("hits").GetInt32());

        // Two external cases are too few for a correlation, and the document says so instead of a number.
        var external = groups["external"].GetProperty("types")[0].GetProperty("volume");
        Assert.False(external.TryGetProperty("pearson", out _));
        Assert.Contains("at least 4 pairs", external.GetProperty("notComputed").GetProperty("pearson").GetString());
        Assert.Contains("without hemorrhage", fixture.Results.GetProperty("conventions").GetProperty("emptyMasks").GetString());
    }

    [Fact]
    public async Task The_tables_hold_the_figures_of_the_document()
    {
        var cases = Rows(await fixture.Client.GetStringAsync($"{fixture.Path}/cases.csv"));
        Assert.Equal(6 * 3, cases.Count);
        foreach (var c in fixture.Results.GetProperty("cases").EnumerateArray())
        {
            var ich = c.GetProperty("types")[0];
            var row = cases.Single(r => r["study_id"] == c.GetProperty("studyId").GetString() && r["type"] == "ICH");
            Assert.Equal((c.GetProperty("site").GetString(), "tiny 1"), (row["site"], row["model"]));
            Assert.Equal(Number(ich, "dice"), row["dice"]);
            Assert.Equal(Number(ich, "referenceVolumeMl"), row["reference_volume_ml"]);
        }

        var statistics = Rows(await fixture.Client.GetStringAsync($"{fixture.Path}/statistics.csv"));
        var pearson = statistics.Single(r => (r["site"], r["type"], r["of"], r["statistic"]) == ("all", "ICH", "model", "pearson.r"));
        var stated = fixture.Results.GetProperty("groups")[0].GetProperty("statistics").GetProperty("types")[0].GetProperty("volume").GetProperty("pearson");
        Assert.Equal((Number(stated, "r"), Number(stated.GetProperty("interval"), "low"), "5"), (pearson["value"], pearson["low"], pearson["n"]));
        Assert.Contains(statistics, r => r["of"] == "reader:r2" && r["statistic"] == "dice.mean" && r["value"] != "");
    }

    [Fact]
    public async Task The_report_is_one_page_without_scripts_and_its_plots_are_there_as_files_too()
    {
        using var answer = await fixture.Client.GetAsync($"{fixture.Path}/report.html");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("A &amp; B", page);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/", "", StringComparison.Ordinal));

        var ids = System.Text.RegularExpressions.Regex.Matches(page, " id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.True(ids.Count > 10 && ids.Distinct().Count() == ids.Count, "plots of one page share an id");

        var plots = fixture.Results.GetProperty("plots").EnumerateArray().Select(p => p.GetString()!).ToList();
        Assert.Superset(new HashSet<string> { "dice", "scatter-ich", "bland-altman-ich", "froc-any" }, plots.ToHashSet());
        Assert.Equal(plots.Count, page.Split("<svg").Length - 1);
        foreach (var plot in plots)
        {
            using var svg = await fixture.Client.GetAsync($"{fixture.Path}/plots/{plot}.svg");
            Assert.Equal("image/svg+xml", svg.Content.Headers.ContentType?.MediaType);
            Assert.NotEmpty(System.Xml.Linq.XDocument.Parse(await svg.Content.ReadAsStringAsync()).Descendants());
        }
    }

    [Fact]
    public async Task Parquet_files_hold_the_rows_of_the_CSV_files()
    {
        foreach (var table in (string[])["cases", "statistics"])
        {
            using var file = new MemoryStream(await fixture.Client.GetByteArrayAsync($"{fixture.Path}/{table}.parquet"));
            var csv = Rows(await fixture.Client.GetStringAsync($"{fixture.Path}/{table}.csv"));
            var rows = (await Parquet.Serialization.ParquetSerializer.DeserializeUntypedAsync(file)).Data;

            Assert.Equal(csv.Count, rows.Count);
            Assert.All(csv.Zip(rows), pair => Assert.All(pair.First, cell => Assert.Equal(cell.Value, Text(pair.Second.GetValueOrDefault(cell.Key)))));
        }

        static string Text(object? value) => value is double d ? d.ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }

    [Fact]
    public async Task Another_program_reads_the_rows_of_the_CSV_files_in_the_Parquet_files()
    {
        foreach (var table in (string[])["cases", "statistics"])
        {
            var csv = Rows(await fixture.Client.GetStringAsync($"{fixture.Path}/{table}.csv"));
            var rows = OtherParquetReader.Rows(await fixture.Client.GetByteArrayAsync($"{fixture.Path}/{table}.parquet"));

            Assert.Equal(csv.Count, rows.Count);
            Assert.All(csv.Zip(rows), pair => Assert.Equal(pair.First, pair.Second.ToDictionary(cell => cell.Key, cell => cell.Value.Text())));
        }
    }

    [Fact]
    public async Task Plots_are_PNG_files_as_well()
    {
        var png = await fixture.Client.GetByteArrayAsync($"{fixture.Path}/plots/scatter-ich.png");
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal((1280, 920), (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
    }

    private static string Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetRawText() : "";

    private static List<Dictionary<string, string>> Rows(string csv)
    {
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(Cells).ToList();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(p => p.First, p => p.Second))];
    }

    /// <summary>Quoted cells may hold commas, and no quotes here.</summary>
    private static string[] Cells(string line) =>
        [.. System.Text.RegularExpressions.Regex.Matches(line, "(?:^|,)(?:\"([^\"]*)\"|([^,\"]*))").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value)];

    private const string Script =
        """
        import json, nibabel, numpy, scipy.ndimage, scipy.spatial.distance, scipy.stats, sys
        folder, studies = sys.argv[1], sys.argv[2].split()
        results = json.load(open(f'{folder}/results.json'))
        def load(name):
            image = nibabel.load(f'{folder}/{name}.nii.gz')
            return numpy.asarray(image.dataobj) == 1, abs(numpy.linalg.det(image.affine)) / 1000, image.header.get_zooms()
        def dice(a, b): return 2 * (a & b).sum() / (a.sum() + b.sum())
        def same(ours, theirs): numpy.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)
        cases = {c['studyId']: c['types'][0] for c in results['cases']}
        assert list(cases) == studies
        model, truth, ds, readers = [], [], [], {'r0': [], 'r1': [], 'r2': []}
        between, drawn, bedside = [], [], []
        def abc2(m, zooms):
            # Between the centres of pixels: short by up to a pixel, which is what the tolerance allows.
            areas = m.sum((0, 1)); k = areas.argmax()
            points = numpy.argwhere(m[:, :, k]) * zooms[:2]
            d = scipy.spatial.distance.cdist(points, points); i, j = numpy.unravel_index(d.argmax(), d.shape)
            along = (points[j] - points[i]) / d.max(); across = points @ [-along[1], along[0]]; place = numpy.round(points @ along)
            b = max(numpy.ptp(across[place == p]) for p in set(place))
            share = areas / areas.max()
            return (d.max() + 0.4 * zooms[0]) * (b + 0.4 * zooms[0]) * ((share > 0.75).sum() + ((share >= 0.25) & (share <= 0.75)).sum() / 2) * zooms[2] / 2000
        for study in studies:
            mask, ml, zooms = load(f'{study}-model')
            masks = [load(f'{study}-r{r}')[0] for r in range(3)]
            majority = sum(m.astype(int) for m in masks) >= 2
            case = cases[study]
            same(case['volumeMl'], mask.sum() * ml)
            same(case['referenceVolumeMl'], majority.sum() * ml)
            if not mask.any() and not majority.any():
                assert 'dice' not in case and 'hausdorff95Mm' not in case
                continue
            same(case['dice'], dice(mask, majority))
            same(case['iou'], (mask & majority).sum() / (mask | majority).sum())
            same(case['precision'], (mask & majority).sum() / mask.sum())
            same(case['recall'], (mask & majority).sum() / majority.sum())
            edge = lambda m: m & ~scipy.ndimage.binary_erosion(m, scipy.ndimage.generate_binary_structure(3, 1))
            to = lambda m: scipy.ndimage.distance_transform_edt(~edge(m), sampling=zooms)
            there, back = to(majority)[edge(mask)], to(mask)[edge(majority)]
            same([case['hausdorff95Mm'], case['surfaceDistanceMm']], [max(numpy.percentile(there, 95), numpy.percentile(back, 95)), numpy.concatenate([there, back]).mean()])
            for name, m in (('abc2Ml', mask), ('referenceAbc2Ml', majority)): numpy.testing.assert_allclose(case[name], abc2(m, zooms), rtol=0.06)
            bedside.append(case['referenceAbc2Ml'])
            model.append(mask.sum() * ml); truth.append(majority.sum() * ml); ds.append(dice(mask, majority))
            for r in range(3): readers[f'r{r}'].append(dice(masks[r], majority))
            between.append(dice(masks[0], masks[2]))
            drawn.append([m.sum() * ml for m in masks])
        model, truth = numpy.array(model), numpy.array(truth)
        statistics = results['groups'][0]['statistics']
        ich = statistics['types'][0]
        same(ich['overlap']['dice']['mean'], numpy.mean(ds)); same(ich['overlap']['dice']['sd'], numpy.std(ds, ddof=1)); same(ich['overlap']['dice']['median'], numpy.median(ds))
        same(ich['referenceDice']['mean'], numpy.mean(ds)); assert ich['referenceVolume'] == ich['volume']
        interval = ich['overlap']['dice']['meanInterval']
        bca = scipy.stats.bootstrap((numpy.array(ds),), numpy.mean, n_resamples=20000, method='BCa', random_state=1).confidence_interval
        numpy.testing.assert_allclose([interval['low'], interval['high']], bca, atol=0.15 * (bca.high - bca.low))
        d, v = model - truth, ich['volume']
        same([v['difference'][k] for k in ('mean', 'sd', 'median', 'meanAbsolute')], [d.mean(), d.std(ddof=1), numpy.median(d), abs(d).mean()])
        r = scipy.stats.pearsonr(model, truth)
        same([v['pearson']['r'], v['pearson']['p']], [r[0], r[1]])
        same(v['wilcoxon']['p'], scipy.stats.wilcoxon(d, mode='exact').pvalue)
        same([v['blandAltman']['bias'], v['blandAltman']['lowerLimit'], v['blandAltman']['upperLimit']], [d.mean(), d.mean() - 1.959963984540054 * d.std(ddof=1), d.mean() + 1.959963984540054 * d.std(ddof=1)])
        same(v['concordance']['rho'], 2 * numpy.cov(model, truth, ddof=0)[0, 1] / (model.var() + truth.var() + (model.mean() - truth.mean()) ** 2))
        def icc(x):
            n, k = x.shape
            ms_r = k * x.mean(1).var(ddof=1); ms_c = n * x.mean(0).var(ddof=1)
            e = ((x - x.mean(1)[:, None] - x.mean(0)[None] + x.mean()) ** 2).sum() / ((n - 1) * (k - 1))
            return (ms_r - e) / (ms_r + (k - 1) * e + k * (ms_c - e) / n)
        same(v['icc']['agreement'], icc(numpy.stack([model, truth], 1)))
        bedside = numpy.array(bedside); d, v = bedside - truth, ich['abc2']
        assert v['count'] == 5
        same([v['difference'][k] for k in ('mean', 'sd', 'meanAbsolute')], [d.mean(), d.std(ddof=1), abs(d).mean()])
        same([v['pearson']['r'], v['wilcoxon']['p'], v['icc']['agreement']], [scipy.stats.pearsonr(bedside, truth)[0], scipy.stats.wilcoxon(d, mode='exact').pvalue, icc(numpy.stack([bedside, truth], 1))])
        same([v['blandAltman']['lowerLimit'], v['blandAltman']['upperLimit']], [d.mean() + s * 1.959963984540054 * d.std(ddof=1) for s in (-1, 1)])
        assert (ich['detection']['sensitivity']['hits'], ich['detection']['sensitivity']['count']) == (5, 5)
        assert (ich['detection']['specificity']['hits'], ich['detection']['specificity']['count']) == (1, 1)
        low = 1 / (1 + 1.959963984540054 ** 2)
        same([ich['detection']['specificity']['interval'][k] for k in ('low', 'high')], [low, 1])
        table = statistics['readers'][0]
        assert [x['reader'] for x in table['readers']] == ['r0', 'r1', 'r2']
        for x in table['readers']: same([x['dice']['mean'], x['dice']['sd']], [numpy.mean(readers[x['reader']]), numpy.std(readers[x['reader']], ddof=1)])
        pair = [p for p in table['pairs'] if (p['first'], p['second']) == ('r0', 'r2')][0]
        same(pair['dice']['mean'], numpy.mean(between))
        same(table['icc']['agreement'], icc(numpy.array(drawn)))
        """;

    public sealed class Fixture : IAsyncLifetime
    {
        private TestService _service = null!;

        public HttpClient Client { get; private set; } = null!;

        public string Path { get; private set; } = "";

        public JsonElement Results { get; private set; }

        public List<Guid> Studies { get; } = [];

        /// <summary>NIfTI files by name.</summary>
        public Dictionary<string, byte[]> Masks { get; } = [];

        public async ValueTask InitializeAsync()
        {
            _service = await TestService.Start();
            (Client, _, _) = await _service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite);
            for (var i = 0; i < Scales.Length; i++)
            {
                Studies.Add(await AddStudy(i));
            }

            var evaluation = await Client.Evaluate(new
            {
                name = "Hospital A & B",
                reference = "majority",
                studies = Studies.Select((id, i) => new { studyId = id, site = i is 1 or 4 ? "external" : "internal" }),
            });
            Path = evaluation.Link("self");
            Results = await Client.GetFromJsonAsync<JsonElement>(evaluation.Link("results"));
        }

        private async Task<Guid> AddStudy(int i)
        {
            var study = await Client.Finished(new HeadStudy { Name = string.Create(CultureInfo.InvariantCulture, $"head {i}"), BloodScale = Scales[i] });
            Masks[$"{study}-model.nii.gz"] = await Client.GetByteArrayAsync($"/api/v1/studies/{study}/results/mask.nii.gz");
            for (var reader = 0; reader < 3; reader++)
            {
                var mask = Scales[i] == 0 ? ReferenceCalls.Nothing() : ReferenceCalls.Drawn(Scales[i], beyondMm: 0.4 * (reader - 1) + (0.3 * (i % 3)), shiftMm: 0.7 * reader);
                var document = await Client.AddReference(study, mask, $"?reader=r{reader}");
                Masks[$"{study}-r{reader}.nii.gz"] = await Client.GetByteArrayAsync(document.Link("mask"));
            }

            return study;
        }

        public ValueTask DisposeAsync() => _service.DisposeAsync();
    }
}
