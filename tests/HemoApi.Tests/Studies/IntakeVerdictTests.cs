using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Studies;

namespace HemoApi.Tests.Studies;

/// <summary>Archives of real DICOM files: what each file counts as, and when the study still stands.</summary>
public class IntakeVerdictTests
{
    [Fact]
    public void Every_slice_of_a_good_stack_is_used_and_nothing_is_warned_of()
    {
        var intake = Accept(IntakeSlice.Stack());
        Assert.Equal(30, intake.Files.Count(f => f is { Verdict: Verdict.Used, Code: null }));
        Assert.Equal(30, intake.Plan.Slices.Count);
        Assert.Empty(intake.Plan.Warnings);
        Assert.Equal(30, Assert.Single(intake.Series).Slices);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(29)]
    public void A_damaged_file_at_an_end_of_the_stack_is_rejected_and_the_rest_measured_with_a_warning(int damaged)
    {
        var entries = IntakeSlice.Stack();
        entries[damaged] = entries[damaged] with { ClaimedCrc = 1 };
        var intake = Accept(entries);
        var rejected = Assert.Single(intake.Files, f => f.Verdict == Verdict.Rejected);
        Assert.Equal((entries[damaged].Name, FaultCodes.ZipCorrupt), (rejected.Name, rejected.Code));
        Assert.Equal(29, intake.Plan.Slices.Count);
        Assert.Single(intake.Plan.Warnings, w => w.Code == WarningCodes.FilesSkipped);
        Assert.DoesNotContain(entries[damaged].Name, intake.ReadableEntries);
    }

    [Fact]
    public void A_damaged_file_in_the_middle_leaves_a_gap_that_is_refused()
    {
        var entries = IntakeSlice.Stack();
        entries[14] = entries[14] with { ClaimedCrc = 1 };
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(entries), FaultCodes.GeometryMissingSlice);
    }

    [Fact]
    public void A_slice_whose_pixels_are_cut_off_is_rejected_as_malformed()
    {
        var entries = IntakeSlice.Stack();
        entries[29] = entries[29] with { Data = entries[29].Data[..^100] };
        var intake = Accept(entries);
        Assert.Equal(FaultCodes.DicomMalformed, Assert.Single(intake.Files, f => f.Verdict == Verdict.Rejected).Code);
    }

    [Fact]
    public void A_slice_packed_by_an_unknown_method_is_rejected_alone()
    {
        var entries = IntakeSlice.Stack();
        entries[0] = entries[0] with { Method = 14, Packed = [1, 2, 3] };
        Assert.Equal(FaultCodes.ZipCorrupt, Assert.Single(Accept(entries).Files, f => f.Verdict == Verdict.Rejected).Code);
    }

    [Fact]
    public void Folders_housekeeping_and_other_files_are_ignored_without_a_warning()
    {
        string[] names = ["DICOM/", "__MACOSX/DICOM/._IM000", "DICOM/.DS_Store", "Thumbs.db", "DICOMDIR", "README.TXT", "viewer.exe"];
        var others = names.Select(n => new ZipIntakeForgedEntry(n, n.EndsWith('/') ? [] : "MZ something"u8.ToArray()));
        var intake = Accept([.. others, .. IntakeSlice.Stack()]);
        Assert.Equal(names, intake.Files.Where(f => f.Verdict == Verdict.Ignored).Select(f => f.Name));
        Assert.Empty(intake.Plan.Warnings);
    }

    [Fact]
    public void A_localizer_beside_the_stack_is_ignored_with_its_reason()
    {
        var scout = new IntakeSlice(100) { Series = "scout", ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"] };
        var intake = Accept([.. IntakeSlice.Stack(), scout.ToEntry("SCOUT")]);
        var verdict = Assert.Single(intake.Files, f => f.Verdict == Verdict.Ignored);
        Assert.Equal("SCOUT", verdict.Name);
        Assert.Contains("localizer", verdict.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, intake.Series.Count);
        Assert.Single(intake.Series, s => s.Eligible);
    }

    [Fact]
    public void The_series_asked_for_is_the_one_that_is_used()
    {
        var second = Enumerable.Range(0, 12).Select(i => new IntakeSlice(i) { Series = "second" }.ToEntry($"B{i}")).ToArray();
        var zip = ZipIntakeForge.Zip([.. IntakeSlice.Stack(), .. second]);
        var uid = DicomUid.FromSeed("study/second");
        var intake = ZipIntakeProbe.Examine(zip, seriesInstanceUid: uid).Value;
        Assert.Equal(uid, intake.Plan.SeriesInstanceUid);
        Assert.Equal(second.Select(e => e.Name), intake.Files.Where(f => f.Verdict == Verdict.Used).Select(f => f.Name));
        Assert.Equal(FaultCodes.SeriesNoneEligible, ZipIntakeProbe.Examine(zip, seriesInstanceUid: "1.2.3").Fault?.Code);
    }

    [Fact]
    public void Planning_again_from_the_readable_entries_gives_the_same_plan()
    {
        var scout = new IntakeSlice(100) { Series = "scout", ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"] };
        ZipIntakeForgedEntry[] entries = [.. IntakeSlice.Stack(), scout.ToEntry("SCOUT"), new("note", [1])];
        var intake = Accept(entries);
        DicomInstance[] again =
        [
            .. intake.ReadableEntries.Select(name =>
                DicomHeaderReader.Read(new MemoryStream(entries.Single(e => e.Name == name).Data), name).Value),
        ];
        var plan = SeriesCatalogue.Plan(again, null).Value;
        Assert.Equal(intake.Plan.Slices.Select(s => s.FileName), plan.Slices.Select(s => s.FileName));
        Assert.Equal(intake.Plan.Warnings, plan.Warnings);
    }

    public static TheoryData<string, ZipIntakeForgedEntryList> Unmeasurable => new()
    {
        { FaultCodes.SeriesNotCt, new(Stack(s => s with { Modality = "MR", SopClass = "1.2.840.10008.5.1.4.1.1.4" })) },
        { FaultCodes.SeriesNoneEligible, new([new IntakeSlice(0) { ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"] }.ToEntry()]) },
        { FaultCodes.StudyMixed, new(Stack(s => s.Index < 15 ? s : s with { PatientId = "P2" })) },
        { FaultCodes.StudyMixed, new(Stack(s => s.Index < 15 ? s : s with { Study = "other" })) },
        { FaultCodes.GeometryMissingSlice, new(Stack(s => s).Where((_, i) => i != 14)) },
        { FaultCodes.GeometryDuplicatePosition, new([.. Stack(s => s), (new IntakeSlice(30) { SpacingMm = 0.5 }).ToEntry()]) },
    };

    [Theory]
    [MemberData(nameof(Unmeasurable))]
    public void What_cannot_be_measured_is_refused_by_name(string code, ZipIntakeForgedEntryList entries) =>
        ZipIntakeProbe.Refuse(ZipIntakeForge.Zip(entries.Entries), code);

    private static IEnumerable<ZipIntakeForgedEntry> Stack(Func<IntakeSlice, IntakeSlice> change) =>
        Enumerable.Range(0, 30).Select(i => change(new IntakeSlice(i)).ToEntry());

    private static Intake Accept(ZipIntakeForgedEntry[] entries) => ZipIntakeProbe.Examine(ZipIntakeForge.Zip(entries)).Value;
}

/// <summary>Entries as one argument of a theory.</summary>
public sealed class ZipIntakeForgedEntryList
{
    internal ZipIntakeForgedEntryList(IEnumerable<ZipIntakeForgedEntry> entries) => Entries = [.. entries];

    internal IReadOnlyList<ZipIntakeForgedEntry> Entries { get; }
}
