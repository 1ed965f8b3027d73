using System.Globalization;
using HemoApi.Imaging.Inference;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Export;
using HemoApi.Imaging.Tests.Inference;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests;

/// <summary>DICOM files to volumes with a network that is a threshold: the right mask and volume are known.</summary>
public sealed class SegmentationPipelineTests
{
    private const double BloodFromHu = 60.5;
    private static readonly Vector3D Lesion = new(58, 44, 40);

    public static TheoryData<string> Geometries => ["axial", "axial in reverse", "tilted", "flipped columns", "uneven"];

    [Theory]
    [MemberData(nameof(Geometries))]
    public void A_lesion_in_DICOM_files_comes_out_with_its_volume_and_place(string name)
    {
        var image = Head(Geometry(name));
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), FullFrame);

        var result = Run(model, image, reversed: name == "axial in reverse").Value;

        Assert.Equal(image.Hounsfield, result.Image.Hounsfield);
        Assert.Equal(image.Hounsfield.Select(hu => hu > 60 ? (byte)1 : (byte)0), result.Mask.Labels);
        var lesion = Assert.Single(result.Quantities.Lesions);
        Assert.Equal(HemorrhageType.Ich, lesion.Type);
        Assert.InRange(lesion.VolumeMl / Stacks.EllipsoidMl(14, 11, 13), 0.97, 1.03);
        Assert.InRange((lesion.CentroidLpsMm - Lesion).Length, 0, 0.5);
        Assert.Equal(72, lesion.Hu.Mean, 1e-9);
    }

    [Fact]
    public void Progress_never_falls_and_stages_come_in_their_order()
    {
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), FullFrame);
        var reports = new List<PipelineProgress>();

        var result = Run(model, Head(Geometry("axial")), progress: reports.Add).Value;

        Assert.Equal(reports.Select(report => report.Fraction).Order(), reports.Select(report => report.Fraction));
        Assert.Equal([Stages.Read, Stages.Decode, Stages.Network, Stages.Postprocess, Stages.Quantify], reports.Select(report => report.Stage).Distinct());
        Assert.All(reports, report => Assert.InRange(report.Fraction, 0, 1));
        Assert.Equal(
            [Stages.Decode, Stages.Network, Stages.Postprocess, Stages.Preprocess, Stages.Quantify, Stages.Read],
            result.StageSeconds.Keys.Order());
        Assert.All(result.StageSeconds.Values, seconds => Assert.InRange(seconds, 0, 60));
    }

    [Fact]
    public void Lesions_under_the_models_minimum_are_in_neither_mask_nor_volumes()
    {
        var geometry = Geometry("axial");
        var image = Head(geometry);
        var speck = (15 * 96 * 128) + (50 * 128) + 90;
        image.Hounsfield[speck] = 75;
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), m => FullFrame(m) with { MinimumLesionVolumeMl = 0.05 });

        var result = Run(model, image).Value;

        Assert.Equal(0, result.Mask.Labels[speck]);
        Assert.Single(result.Quantities.Lesions);
    }

    [Fact]
    public void A_lesion_on_the_last_slice_gets_a_warning_with_its_number()
    {
        var geometry = Geometry("axial");
        var image = new CtVolume(geometry, geometry.Draw(p => Hu(p, new Vector3D(58, 44, 75))));
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), FullFrame);

        var warning = Assert.Single(Run(model, image).Value.Warnings, w => w.Code == WarningCodes.LesionTouchesBorder);

        Assert.StartsWith("Lesion 1 ", warning.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_models_rules_leave_out_is_named_with_its_volume_and_place()
    {
        var image = Head(Geometry("axial"));
        using var trusting = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), FullFrame);
        using var doubting = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), m => FullFrame(m) with { MinimumMeanProbability = 1.1, MinimumSupport = 1.1 });
        var kept = Run(trusting, image).Value;

        var result = Run(doubting, image).Value;

        Assert.DoesNotContain(kept.Warnings, w => w.Code == WarningCodes.FindingsLeftOut);
        Assert.Empty(result.Quantities.Lesions);
        var lesion = Assert.Single(kept.Quantities.Lesions);
        var detail = Assert.Single(result.Warnings, w => w.Code == WarningCodes.FindingsLeftOut).Detail;
        Assert.EndsWith(
            string.Create(CultureInfo.InvariantCulture, $": ICH {lesion.VolumeMl:F1} ml at slice indices {lesion.BoundingBox.MinSlice} to {lesion.BoundingBox.MaxSlice}."),
            detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_acquisition_that_the_model_never_saw_gets_a_warning()
    {
        using var model = TinyNetwork.Load(
            TinyNetwork.IchFrom(BloodFromHu),
            m => FullFrame(m) with { TrainingRange = m.TrainingRange with { GantryTiltDegrees = new Interval(0, 5) } });

        static bool IsOfTilt(ResultWarning w) => w.Code == WarningCodes.OutsideTrainingRange && w.Detail.Contains("gantry tilt of 18.5 degrees", StringComparison.Ordinal);
        Assert.DoesNotContain(Run(model, Head(Geometry("axial"))).Value.Warnings, IsOfTilt);
        var warnings = Run(model, Head(Geometry("tilted"))).Value.Warnings;
        Assert.Single(warnings, IsOfTilt);
        Assert.Contains(warnings, w => w.Code == WarningCodes.GantryTilt);
    }

    [Fact]
    public void An_image_without_a_skull_gets_a_warning()
    {
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), FullFrame);

        Assert.Contains(
            Run(model, Head(Geometry("axial"))).Value.Warnings,
            w => w.Code == WarningCodes.OutsideTrainingRange && w.Detail.Contains("Bone surrounds the head in 0 % of directions", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_left_out_with_a_warning()
    {
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), FullFrame);
        var files = DicomSeries.FilesOf(Head(Geometry("axial"))).Append([1, 2, 3]).ToList();

        var result = Run(model, files, null, CancellationToken.None).Value;

        Assert.Single(result.Warnings, w => w.Code == WarningCodes.FilesSkipped);
        Assert.Single(result.Quantities.Lesions);
    }

    [Fact]
    public void Nothing_readable_is_a_fault()
    {
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), FullFrame);

        Assert.Equal(FaultCodes.DicomNone, Run(model, [], null, CancellationToken.None).Fault?.Code);
        Assert.Equal(FaultCodes.DicomNone, Run(model, [[1, 2, 3]], null, CancellationToken.None).Fault?.Code);
    }

    [Theory]
    [InlineData(Stages.Read)]
    [InlineData(Stages.Decode)]
    [InlineData(Stages.Network)]
    public void Cancelling_ends_a_run_in_whatever_stage_it_is(string stage)
    {
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), FullFrame);
        using var source = new CancellationTokenSource();
        var last = string.Empty;

        Assert.Throws<OperationCanceledException>(() => Run(
            model,
            DicomSeries.FilesOf(Head(Geometry("axial"))),
            report =>
            {
                last = report.Stage;
                if (report.Stage == stage)
                {
                    source.Cancel();
                }
            },
            source.Token));
        Assert.Equal(stage, last);
    }

    [Fact]
    public void The_real_tilted_study_keeps_every_voxel_at_its_place()
    {
        var files = GeStudy.Files();
        using var model = TinyNetwork.Load(TinyNetwork.IchFrom(BloodFromHu), m => m with
        {
            Input = m.Input with { FullSize = 512, SizeMultiple = 64, SpacingMm = 0.488281 },
        });

        var result = Run(model, files, null, CancellationToken.None).Value;

        Assert.Equal(18.5, result.Series.GantryTiltDegrees, 0.1);
        Assert.Contains(result.Warnings, w => w.Code == WarningCodes.GantryTilt);
        Assert.Contains(result.Warnings, w => w.Code == WarningCodes.UnevenSpacing);
        var (over, elsewhere) = (0L, 0L);
        for (var i = 0; i < result.Mask.Labels.Length; i++)
        {
            Assert.False(result.Mask.Labels[i] != 0 && result.Image.Hounsfield[i] <= 60, $"voxel {i} is below the threshold");
            over += result.Mask.Labels[i];
            elsewhere += result.Image.Hounsfield[i] > 60 && result.Mask.Labels[i] == 0 ? 1 : 0;
        }

        // Outside of the head's box are only the table and the head holder.
        Assert.InRange(elsewhere, 0, over / 20);
        Assert.Equal(result.Quantities.TotalVolumeMl, result.Quantities.Lesions.Sum(lesion => lesion.VolumeMl), 1e-6);
    }

    private static ModelManifest FullFrame(ModelManifest manifest) =>
        manifest with { Input = manifest.Input with { FullSize = 128, SizeMultiple = 16 } };

    private static Outcome<SegmentationResult> Run(LoadedModel model, CtVolume image, bool reversed = false, Action<PipelineProgress>? progress = null) =>
        Run(model, DicomSeries.FilesOf(image, reversed: reversed), progress, CancellationToken.None);

    private static Outcome<SegmentationResult> Run(
        LoadedModel model, IReadOnlyList<byte[]> files, Action<PipelineProgress>? progress, CancellationToken cancellation) =>
        SegmentationPipeline.Run(
            model,
            [.. Enumerable.Range(0, files.Count).Select(i => $"{i}")],
            name => new MemoryStream(files[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)], writable: false),
            seriesInstanceUid: null,
            rejectedFiles: 0,
            progress,
            cancellation);

    private static CtVolume Head(VolumeGeometry geometry) => new(geometry, geometry.Draw(p => Hu(p, Lesion)));

    private static short Hu(Vector3D p, Vector3D lesion) =>
        p.InEllipsoid(lesion, 14, 11, 13) ? (short)72 : p.InEllipsoid(new Vector3D(63, 48, 40), 55, 42, 90) ? (short)33 : (short)-1000;

    private static VolumeGeometry Geometry(string name) => name switch
    {
        "axial" or "axial in reverse" => Stacks.Axial(128, 96, 31, spacingMm: 1, sliceSpacingMm: 2.5),
        "tilted" => Tilted(),
        "flipped columns" => Stacks.Even(128, 96, 31, Stacks.Left.Opposite(), Stacks.Posterior, Stacks.Superior * -2.5, origin: new Vector3D(127, 0, 75)),
        "uneven" => Stacks.AxialAt(128, 96, 1, 2.5, [.. Enumerable.Range(0, 12).Select(k => k * 2.5), .. Enumerable.Range(0, 14).Select(k => 30 + (k * 3.0))]),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static VolumeGeometry Tilted()
    {
        var stack = Stacks.Tilted(128, 96, 31, degrees: 18.5, spacingMm: 1, tableStepMm: 2.5);
        return new VolumeGeometry(
            128, 96, stack.RowDirection, stack.ColumnDirection, 1, 1,
            [.. stack.Slices.Select(slice => slice with { OriginLpsMm = slice.OriginLpsMm + new Vector3D(0, 0, 15) })]);
    }
}
