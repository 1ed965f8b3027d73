using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

public class SeriesCatalogueTests
{
    [Fact]
    public void No_instances_are_no_dicom() => Assert.Equal(FaultCodes.DicomNone, CtHeaders.Refusal().Code);

    [Fact]
    public void A_study_of_only_mr_is_not_ct()
    {
        var fault = CtHeaders.Refusal(CtHeaders.Stack().Each(i => i with { Modality = "MR", SopClassUid = "1.2.840.10008.5.1.4.1.1.4" }));

        Assert.Equal(FaultCodes.SeriesNotCt, fault.Code);
        Assert.Contains("MR", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_text_in_the_modality_is_not_repeated()
    {
        var fault = CtHeaders.Refusal(CtHeaders.Stack().Each(i => i with { Modality = "DOE^JANE", SopClassUid = "1.2" }));

        Assert.Equal(FaultCodes.SeriesNotCt, fault.Code);
        Assert.DoesNotContain("DOE", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_two_patients_are_mixed_and_their_ids_are_not_repeated()
    {
        var fault = CtHeaders.Refusal([.. CtHeaders.Stack(), CtHeaders.Slice(0, "1.2") with { PatientId = "SECRET" }]);

        Assert.Equal(FaultCodes.StudyMixed, fault.Code);
        Assert.Contains("2 patients", fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", fault.Detail + fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_studies_of_one_patient_are_mixed_even_when_a_series_is_named()
    {
        DicomInstance[] both = [.. CtHeaders.Stack(), .. CtHeaders.Stack(series: "1.2").Each(i => i with { StudyInstanceUid = "2.0" })];

        Assert.Equal(FaultCodes.StudyMixed, SeriesCatalogue.Plan(both, "1.1").Code());
    }

    public static TheoryData<string, string> Unfit => new()
    {
        { "localizer", "localizers" },
        { "few", "too few" },
        { "coronal", "not axial" },
        { "enhanced", "no functional groups" },
        { "screenshot", "screenshots" },
        { "mpr", "derived" },
        { "secondary", "derived" },
        { "frames", "several frames" },
        { "no rescale", "no rescale" },
        { "zero slope", "not positive" },
        { "electron density", "something else than Hounsfield" },
        { "palette", "MONOCHROME2" },
        { "colour", "colour" },
        { "32 bits", "8 nor 16 bits" },
        { "no position", "where they lie" },
        { "skewed", "not orthogonal" },
        { "no spacing", "no pixel spacing" },
        { "no pixels", "no pixel data" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_series_that_cannot_be_measured_is_refused_with_the_reason(string kind, string reason)
    {
        var series = CtHeaders.Stack(kind == "few" ? 7 : 30).Each(i => kind switch
        {
            "localizer" => i with { ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"] },
            "coronal" => i with { ColumnDirection = new(0, 0, -1) },
            "enhanced" => i with { SopClassUid = SopClasses.EnhancedCtImageStorage },
            "screenshot" => i with { SopClassUid = "1.2.840.10008.5.1.4.1.1.7" },
            "mpr" => i with { ImageType = ["DERIVED", "PRIMARY", "MPR"] },
            "secondary" => i with { ImageType = ["DERIVED", "SECONDARY", "OTHER"] },
            "frames" => i with { NumberOfFrames = 2 },
            "no rescale" => i with { RescaleIntercept = null },
            "zero slope" => i with { RescaleSlope = 0 },
            "electron density" => i with { RescaleType = "ED" },
            "palette" => i with { PhotometricInterpretation = "PALETTE COLOR" },
            "colour" => i with { SamplesPerPixel = 3 },
            "32 bits" => i with { BitsAllocated = 32 },
            "no position" => i with { ImagePositionLpsMm = null },
            "skewed" => i with { ColumnDirection = new(0.1, 1, 0) },
            "no spacing" => i with { RowSpacingMm = 0 },
            "no pixels" => i with { HasPixelData = false },
            _ => i,
        });

        var fault = CtHeaders.Refusal(series);
        var candidate = Assert.Single(SeriesCatalogue.Group(series));

        Assert.Equal(FaultCodes.SeriesNoneEligible, fault.Code);
        Assert.Contains(reason, fault.Detail, StringComparison.Ordinal);
        Assert.False(candidate.Eligible);
        Assert.Contains(candidate.Reasons, r => r.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_series_in_a_syntax_that_cannot_be_decoded_is_refused_by_its_name()
    {
        var fault = CtHeaders.Refusal(CtHeaders.Stack().Each(i => i with { TransferSyntaxUid = "1.2.840.10008.1.2.4.201" }));

        Assert.Equal(FaultCodes.DicomTransferSyntax, fault.Code);
        Assert.Contains("High-Throughput JPEG 2000 Lossless", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Localizers_within_a_series_are_left_out_with_a_warning()
    {
        var scout = CtHeaders.Slice(70, number: 1) with { ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"], Rows = 888, ColumnDirection = new(0, 0, -1) };
        var plan = CtHeaders.Plan([scout, .. CtHeaders.Stack()]);

        Assert.Equal(30, plan.Slices.Count);
        var warning = Assert.Single(plan.Warnings);
        Assert.Equal(WarningCodes.FilesSkipped, warning.Code);
        Assert.Contains("1 of 31 images are localizers", warning.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<string> Preferences => new("contrast", "contrast by its name", "bone", "derived", "thin", "short", "chest");

    [Theory]
    [MemberData(nameof(Preferences))]
    public void The_better_of_two_series_is_chosen_whatever_their_order(string worse)
    {
        var good = CtHeaders.Stack(series: "1.2");
        var other = (worse switch
        {
            "thin" => CtHeaders.Stack(240, 0.625),
            "short" => CtHeaders.Stack(10),
            _ => CtHeaders.Stack(31),
        }).Each(i => worse switch
        {
            "contrast" => i with { HasContrastAgent = true },
            "contrast by its name" => i with { SeriesDescription = "CTA HEAD 5.0" },
            "chest" => i with { BodyPartExamined = "CHEST" },
            "bone" => i with { ConvolutionKernel = "BONEPLUS" },
            "derived" => i with { ImageType = ["DERIVED", "PRIMARY", "AXIAL"] },
            _ => i,
        });

        Assert.Equal("1.2", CtHeaders.Plan([.. good, .. other]).SeriesInstanceUid);
        Assert.Equal("1.2", CtHeaders.Plan([.. other, .. good]).SeriesInstanceUid);
        Assert.Equal(["1.2", "1.1"], SeriesCatalogue.Group([.. other, .. good]).Select(c => c.SeriesInstanceUid));
    }

    [Fact]
    public void Of_equal_series_the_uid_decides()
    {
        Assert.Equal("1.1", CtHeaders.Plan([.. CtHeaders.Stack(series: "1.2"), .. CtHeaders.Stack()]).SeriesInstanceUid);
    }

    [Fact]
    public void The_caller_can_choose_a_series_that_ranks_lower()
    {
        DicomInstance[] study = [.. CtHeaders.Stack(), .. CtHeaders.Stack(series: "1.2").Each(i => i with { HasContrastAgent = true, ConvolutionKernel = "H70h" })];

        var plan = SeriesCatalogue.Plan(study, "1.2").Value;

        Assert.Equal("1.2", plan.SeriesInstanceUid);
        Assert.Equal([WarningCodes.Contrast, WarningCodes.BoneKernel], plan.Codes());
    }

    [Theory]
    [InlineData("CTA Head 5.0", true)]
    [InlineData("Head +C", true)]
    [InlineData("HEAD C+ 5mm", true)]
    [InlineData("Brain with contrast", true)]
    [InlineData("Kopf mit KM", true)]
    [InlineData("Head without contrast", false)]
    [InlineData("HEAD W/O CONTRAST", false)]
    [InlineData("Head C- 5mm", false)]
    [InlineData("Non-contrast head", false)]
    [InlineData("POST FOSSA 2.5", false)]
    [InlineData("Head 5 mm", false)]
    [InlineData(null, false)]
    public void A_description_suggests_contrast_unless_it_denies_it(string? description, bool expected)
    {
        var warnings = CtHeaders.Plan(CtHeaders.Stack().Each(i => i with { SeriesDescription = description })).Codes();

        Assert.Equal(expected ? [WarningCodes.Contrast] : [], warnings);
    }

    [Theory]
    [InlineData("CHEST", true)]
    [InlineData("CSPINE", true)]
    [InlineData("HEAD", false)]
    [InlineData("HEADNECK", false)]
    [InlineData("Brain", false)]
    [InlineData(null, false)]
    public void A_series_of_another_body_part_is_measured_with_a_warning(string? bodyPart, bool expected)
    {
        var warnings = CtHeaders.Plan(CtHeaders.Stack().Each(i => i with { BodyPartExamined = bodyPart })).Codes();

        Assert.Equal(expected ? [WarningCodes.BodyPart] : [], warnings);
    }

    [Fact]
    public void Images_that_are_displayed_inverted_are_measured_with_a_warning()
    {
        Assert.Equal([WarningCodes.Photometric], CtHeaders.Plan(CtHeaders.Stack().Each(i => i with { PhotometricInterpretation = "MONOCHROME1" })).Codes());
    }

    [Fact]
    public void A_requested_series_that_is_not_there_is_refused_with_those_that_are()
    {
        var fault = SeriesCatalogue.Plan([.. CtHeaders.Stack(), .. CtHeaders.Stack(3, series: "1.2")], "9.9").Fault!;

        Assert.Equal(FaultCodes.SeriesNoneEligible, fault.Code);
        Assert.Contains("it has 2", fault.Detail, StringComparison.Ordinal);
        Assert.Contains("1.1", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_requested_series_that_cannot_be_measured_is_not_replaced_by_another()
    {
        DicomInstance[] study = [.. CtHeaders.Stack(), .. CtHeaders.Stack(series: "1.2").Where((_, k) => k != 9)];

        Assert.Equal(FaultCodes.GeometryMissingSlice, SeriesCatalogue.Plan(study, "1.2").Code());
    }

    [Fact]
    public void When_the_better_series_lacks_a_slice_the_next_one_is_taken_with_a_warning()
    {
        var bone = CtHeaders.Stack(series: "1.2").Each(i => i with { ConvolutionKernel = "BONE" });
        var plan = CtHeaders.Plan([.. CtHeaders.Stack().Where((_, k) => k != 9), .. bone]);

        Assert.Equal("1.2", plan.SeriesInstanceUid);
        Assert.Equal([WarningCodes.BoneKernel, WarningCodes.FilesSkipped], plan.Codes());
        Assert.Contains("A slice is missing", plan.Warnings[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_could_not_be_read_are_named_in_a_warning()
    {
        var plan = SeriesCatalogue.Plan(CtHeaders.Stack(), null, rejectedFiles: 2).Value;

        Assert.Equal([WarningCodes.FilesSkipped], plan.Codes());
    }

    [Theory]
    [InlineData("BONEPLUS", "Bone")]
    [InlineData("EDGE", "Bone")]
    [InlineData("H60s", "Bone")]
    [InlineData("Hr64h", "Bone")]
    [InlineData("FC30", "Bone")]
    [InlineData("FC81", "Bone")]
    [InlineData("STANDARD", "SoftTissue")]
    [InlineData("STD+", "SoftTissue")]
    [InlineData("H31s", "SoftTissue")]
    [InlineData("Hr38h\\3", "SoftTissue")]
    [InlineData("FC21", "SoftTissue")]
    [InlineData("FC64", "SoftTissue")]
    [InlineData("UB", "SoftTissue")]
    [InlineData("XYZ", "Unknown")]
    [InlineData(null, "Unknown")]
    public void Kernels_of_the_four_large_manufacturers_are_told_apart(string? kernel, string expected)
    {
        Assert.Equal(expected, ReconstructionKernel.Classify(kernel).ToString());
    }
}
