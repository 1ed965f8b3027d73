using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using HemoApi.Imaging.Evaluation.Cohorts;
using HemoApi.Imaging.Evaluation.Statistics;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Preprocessing;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Evaluation;

public sealed class DetectionTests
{
    private static readonly VolumeGeometry Grid = Stacks.Axial(64, 56, 14, spacingMm: 1, sliceSpacingMm: 2.5);

    [Fact]
    public void The_free_response_curve_of_many_findings_with_ties_is_that_of_NumPy()
    {
        var (scans, hits, scores) = (ReferenceValues.Of("froc.scan"), ReferenceValues.Of("froc.hits"), ReferenceValues.Of("froc.score"));
        FrocFinding[] findings = [.. scans.Select((scan, i) => new FrocFinding((int)scan, scores[i], hits[i] < 0 ? null : (int)hits[i]))];

        var curve = FrocCurve.Of(findings, scans: 25, lesions: (int)ReferenceValues.Of("froc.total")[0]);

        Assert.Equal(ReferenceValues.Of("froc.points"), curve.Points.SelectMany(p => new[] { p.Threshold, p.Sensitivity, p.FalsePositivesPerScan }));
        Assert.Equal(ReferenceValues.Of("froc.at"), new[] { 0.125, 0.25, 0.5, 1, 2 }.Select(curve.SensitivityAt));
        Assert.True(curve.Points.Count < findings.Length, "no two scores are tied");
    }

    [Fact]
    public void The_area_over_studies_of_which_many_score_0_is_that_of_SciPy()
    {
        var curve = RocCurve.Of(ReferenceValues.Of("study.positives"), ReferenceValues.Of("study.negatives"));

        Assert.Equal(ReferenceValues.Of("study.auc")[0], curve.Auc, 1e-12);
        Assert.Equal((0.0, 1.0, 1.0), (curve.Points[^1].Threshold, curve.Points[^1].Sensitivity, curve.Points[^1].FalsePositiveShare));
    }

    [Fact]
    public void Lesions_without_a_known_probability_leave_the_curves_by_it_uncomputed_and_the_others_as_they_are()
    {
        var (two, nothing) = (Grid.MaskOf((5, 5, 3, HemorrhageType.Ich), (30, 30, 3, HemorrhageType.Ich)), Grid.MaskOf());
        CaseComparison[] cases = [CaseComparison.Of(two, two, [], [0.9, null]), CaseComparison.Of(two, two, [], [0.9, 0.7]), CaseComparison.Of(nothing, nothing, []), CaseComparison.Of(nothing, nothing, [])];

        var ich = CohortStatistics.Of(cases).Types[0].Detection;

        Assert.NotNull(ich.Roc);
        Assert.Null(ich.RocByProbability);
        Assert.Contains("of 1 of the model's 4 lesions is not known", ich.NotComputed!["rocByProbability"]);
        Assert.Contains("of 1 of the model's 4 lesions is not known", ich.NotComputed["frocByProbability"]);
        Assert.Equal([null, 0.9, null, null], cases.Select(c => c.Types[0].MaximumProbability));
        Assert.Equal(1, CohortStatistics.Of([cases[1], .. cases[1..]]).AnyType.RocByProbability!.Auc);
        Assert.Throws<ArgumentException>(() => CaseComparison.Of(two, two, [], [0.9]));
    }

    /// <summary>From the voxels of the image to the curves: phantoms of blood of many densities, of which the model finds some too dense, too thin, or
    /// nothing, held against a computation of its own that shares no line with ours.</summary>
    [Fact]
    public void The_curves_of_phantoms_are_those_that_SciPy_finds_in_the_images()
    {
        ExternalTools.RequirePython("nibabel", "numpy", "scipy");
        using var folder = new TemporaryFolder();
        using var model = TinyNetwork.Load(TinyNetwork.Pointwise((6, -3), TinyNetwork.Never, TinyNetwork.Never), m => m with { Input = m.Input with { FullSize = 64 } });
        var random = new Random(7);
        List<CaseComparison> cases = [];
        for (var i = 0; i < 14; i++)
        {
            var (image, reference) = Phantom(random, isClean: i >= 8);
            var frame = new NetworkFrame(Grid, model.Manifest.Input);
            var segmentation = Segmenter.Run(model, image, frame, HeadRegion.Whole(image, frame), null, CancellationToken.None).Value;
            var lesions = LesionQuantifier.Measure(image, segmentation.Mask, segmentation.Probabilities).Lesions;
            cases.Add(CaseComparison.Of(segmentation.Mask, reference, [], [.. lesions.Select(l => l.MaximumProbability)]));
            Write(folder[$"{i}-image.nii.gz"], stream => NiftiWriter.WriteImage(image, stream));
            Write(folder[$"{i}-reference.nii.gz"], stream => NiftiWriter.WriteMask(reference, stream));
        }

        var ich = CohortStatistics.Of(cases).Types[0].Detection;
        Assert.True(ich.RocByProbability!.Auc is > 0.5 and < 1 && ich.FrocByProbability!.Points.Count > 8, "the phantoms are too easy to tell anything");
        File.WriteAllText(folder["detection.json"], JsonSerializer.Serialize(ich, new JsonSerializerOptions { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals }));
        ExternalTools.Python(Script, folder.FullPath, cases.Count.ToString(CultureInfo.InvariantCulture));

        static void Write(string path, Action<Stream> write)
        {
            using var file = File.Create(path);
            write(file);
        }
    }

    /// <summary>Balls of blood and of what only looks like it; the reader draws them a little elsewhere, and some crumbs.</summary>
    private static (CtVolume Image, LabelVolume Reference) Phantom(Random random, bool isClean)
    {
        List<(Vector3D Centre, double Radius, short Hu, bool IsBlood)> balls =
        [
            .. Enumerable.Range(0, random.Next(isClean ? 0 : 2, isClean ? 3 : 6)).Select(_ => (
                new Vector3D(random.Next(6, 58), random.Next(6, 50), random.Next(2, 32)), 2 + (5 * random.NextDouble()), (short)random.Next(78, 112), !isClean && random.Next(4) > 0)),
        ];
        var shift = new Vector3D(random.NextDouble() * 2, random.NextDouble() * 2, 0);
        var noise = new Random(random.Next());
        var voxels = Grid.Draw(p => (short)(balls.Where(b => (p - b.Centre).Length <= b.Radius).Select(b => b.Hu).FirstOrDefault((short)33) + noise.Next(-9, 10)));
        return (new CtVolume(Grid, voxels), Grid.DrawMask(p => balls.Any(b => b.IsBlood && (p + shift - b.Centre).Length <= b.Radius * 0.9) ? HemorrhageType.Ich : null));
    }

    private const string Script =
        """
        import json, nibabel, numpy as np, scipy.ndimage, scipy.stats, sys
        folder, count = sys.argv[1], int(sys.argv[2])
        ours = json.load(open(f'{folder}/detection.json'))
        connected = np.ones((3, 3, 3))
        scores, volumes, truth, findings, total = [], [], [], [], 0
        for scan in range(count):
            image = nibabel.load(f'{folder}/{scan}-image.nii.gz')
            ml = abs(np.linalg.det(image.affine)) / 1000
            x = (np.asarray(image.dataobj, float) - 50) / 70
            x = np.where(x > 1, 1 + 0.25 * np.log2(np.maximum(x, 1)), x)
            p = 1 / (1 + np.exp(-(6 * x - 3)))
            mask = p >= 0.5
            reference = np.asarray(nibabel.load(f'{folder}/{scan}-reference.nii.gz').dataobj) == 1
            found, n = scipy.ndimage.label(mask, connected)
            real, m = scipy.ndimage.label(reference, connected)
            size = np.bincount(real.ravel()) * ml
            total += (size[1:] >= 0.1).sum()
            truth.append(reference.any()); scores.append(p[mask].max() if mask.any() else 0); volumes.append(mask.sum() * ml)
            for lesion in range(1, n + 1):
                own = found == lesion
                shared = np.bincount(real[own], minlength=m + 1); shared[0] = 0
                if not shared.any(): findings.append((scan, p[own].max(), own.sum() * ml, None))
                elif size[shared.argmax()] >= 0.1: findings.append((scan, p[own].max(), own.sum() * ml, int(shared.argmax())))
        truth, scores, volumes = map(np.array, (truth, scores, volumes))
        def roc(score): return scipy.stats.mannwhitneyu(score[truth], score[~truth]).statistic / (truth.sum() * (~truth).sum())
        np.testing.assert_allclose([ours['RocByProbability']['Auc'], ours['Roc']['Auc']], [roc(scores), roc(volumes)], rtol=1e-9)
        for name, column in (('FrocByProbability', 1), ('Froc', 2)):
            froc = ours[name]
            assert (froc['Scans'], froc['Lesions']) == (count, total), (froc['Scans'], froc['Lesions'], total)
            for point in froc['Points']:
                kept = [f for f in findings if f[column] >= point['Threshold'] - 1e-6]
                hit = len({(f[0], f[3]) for f in kept if f[3] is not None})
                np.testing.assert_allclose([point['Sensitivity'], point['FalsePositivesPerScan']], [hit / total, sum(f[3] is None for f in kept) / count], rtol=1e-12)
            np.testing.assert_allclose(sorted({round(p['Threshold'], 6) for p in froc['Points']}), sorted({round(f[column], 6) for f in findings}), atol=2e-6)
        """;
}
