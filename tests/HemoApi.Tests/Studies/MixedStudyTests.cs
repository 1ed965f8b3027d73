using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Tests;
using HemoApi.Imaging.Tests.Dicom;
using Microsoft.EntityFrameworkCore;

namespace HemoApi.Tests.Studies;

/// <summary>Studies as a PACS exports them: many series, folders and rubbish, through HTTP.</summary>
public sealed class MixedStudyTests(MixedStudyTests.Fixture fixture) : IClassFixture<MixedStudyTests.Fixture>
{
    private static readonly string[] Ranked = ["soft 5 mm", "soft 1 mm", "bone 5 mm", "CTA head 5 mm", "contrast 5 mm", "chest 5 mm"];

    private static readonly Dictionary<string, string> Ineligible = new()
    {
        ["coronal"] = "not axial",
        ["scout"] = "localizers",
        ["dose report"] = "SR, not CT",
        ["secondary capture"] = "not CT",
        ["dose screen"] = "screenshots",
    };

    private readonly UploadHost _host = fixture.Host;

    [Fact]
    public async Task The_best_non_contrast_axial_soft_tissue_series_is_taken_and_the_others_are_ranked_with_reasons()
    {
        var document = await _host.Accept(Study("ranked"));

        var series = document.GetProperty("series").EnumerateArray().ToArray();
        Assert.Equal(Ranked, series.Where(s => s.GetProperty("eligible").GetBoolean()).Select(Description));
        Assert.Equal(Ineligible.Keys.Order(), series.Where(s => !s.GetProperty("eligible").GetBoolean()).Select(Description).Order());
        Assert.All(series.Where(s => Ineligible.ContainsKey(Description(s))), s => Assert.Contains(Ineligible[Description(s)], Reasons(s), StringComparison.Ordinal));
        Assert.Contains("bone kernel", Reasons(series[2]), StringComparison.Ordinal);
        Assert.Contains("description suggests a contrast agent", Reasons(series[3]), StringComparison.Ordinal);
        Assert.Contains("with a contrast agent", Reasons(series[4]), StringComparison.Ordinal);
        Assert.Contains("another body part", Reasons(series[5]), StringComparison.Ordinal);
        Assert.Equal([30, 150, 30, 30, 30, 30], series[..6].Select(s => s.GetProperty("slices").GetInt32()));
        Assert.Empty(document.GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public async Task Every_file_in_nested_folders_gets_its_verdict_and_rubbish_is_ignored()
    {
        var document = await _host.Accept(Study("verdicts of a mixed study"));

        var files = document.GetProperty("files").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("verdict").GetString());
        Assert.Equal(30, files.Values.Count(v => v == "used"));
        Assert.All(files, f => Assert.Equal(f.Key.Contains("/soft 5 mm/", StringComparison.Ordinal) ? "used" : "ignored", f.Value));
        Assert.All(["DICOMDIR", "INDEX", "__MACOSX/PAT1/._A0", ".DS_Store", "viewer/run.exe", "report.pdf", "empty"], name => Assert.Contains(name, files.Keys));
    }

    [Theory]
    [InlineData("uid", "contrast 5 mm", WarningCodes.Contrast)]
    [InlineData("index", "bone 5 mm", WarningCodes.BoneKernel)]
    [InlineData("index", "CTA head 5 mm", WarningCodes.Contrast)]
    public async Task The_caller_overrides_the_choice_by_uid_or_by_index_in_the_ranked_list(string by, string series, string warning)
    {
        const string study = "overridden";
        var uid = DicomUid.FromSeed($"{study}/{series}");
        var query = by == "uid" ? $"?seriesInstanceUid={uid}" : $"?seriesIndex={Array.IndexOf(Ranked, series)}";

        var document = await _host.Accept(Study(study), query);

        var used = document.GetProperty("files").EnumerateArray().Where(f => f.GetProperty("verdict").GetString() == "used");
        Assert.All(used, f => Assert.Contains($"/{series}/", f.GetProperty("name").GetString(), StringComparison.Ordinal));
        Assert.Contains(document.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("code").GetString() == warning);
        var id = document.GetProperty("jobId").GetGuid();
        Assert.Equal(uid, (await _host.Read(db => db.Jobs.SingleAsync(j => j.Id == id))).SeriesInstanceUid);
    }

    [Fact]
    public async Task An_index_of_no_series_of_an_ineligible_one_below_zero_or_beside_a_uid_is_refused()
    {
        var zip = Study("index");
        using var dryRun = await _host.Post(zip, "?dryRun=true");
        var series = (await dryRun.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("series").EnumerateArray().Select(Description).ToList();

        await _host.Refuse(() => _host.Post(zip, $"?seriesIndex={series.Count}"), 422, FaultCodes.SeriesNoneEligible);
        await _host.Refuse(() => _host.Post(zip, $"?seriesIndex={series.IndexOf("coronal")}"), 422, FaultCodes.SeriesNoneEligible);
        await _host.Refuse(() => _host.Post(zip, $"?seriesIndex={series.IndexOf("dose report")}"), 422, FaultCodes.SeriesNotCt);
        await _host.Refuse(() => _host.Post(zip, "?seriesIndex=-1"), 400, FaultCodes.RequestInvalid);
        await _host.Refuse(() => _host.Post(zip, "?seriesIndex=first"), 400, FaultCodes.RequestInvalid);
        await _host.Refuse(() => _host.Post(zip, "?seriesIndex=0&seriesInstanceUid=1.2"), 400, FaultCodes.RequestInvalid);
    }

    [Fact]
    public async Task Copies_with_identical_pixels_are_dropped_and_different_pixels_at_one_place_are_refused()
    {
        var slices = Enumerable.Range(0, 30).Select(i => new IntakeSlice(i) { Study = "copies" }).ToArray();
        var entries = slices.Select(s => s.ToEntry()).ToArray();

        var document = await _host.Accept(ZipIntakeForge.Zip([.. entries, .. entries.Select(e => e with { Name = $"again/{e.Name}" })]));

        Assert.Equal(30, document.GetProperty("files").EnumerateArray().Count(f => f.GetProperty("verdict").GetString() == "used"));
        var warning = Assert.Single(document.GetProperty("warnings").EnumerateArray());
        Assert.Equal(WarningCodes.FilesSkipped, warning.GetProperty("code").GetString());
        var other = slices[15] with { Pixels = IntakeSlice.Noise(16 * 16 * 2, seed: 99) };
        await _host.Refuse(() => _host.Post(ZipIntakeForge.Zip([.. entries, other.ToEntry("other")])), 422, FaultCodes.GeometryDuplicatePosition);
    }

    [Fact]
    public async Task A_multi_frame_CT_is_measured_from_its_one_file()
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "rle");
        await using var host = await UploadHost.Start(work: null);

        var document = await host.Accept(ZipIntakeForge.Zip([new("IM1", await File.ReadAllBytesAsync(folder["a.dcm"], TestContext.Current.CancellationToken))]));

        Assert.Equal(MultiFrameCt.Frames, Assert.Single(document.GetProperty("series").EnumerateArray()).GetProperty("slices").GetInt32());
        Assert.Equal("used", Assert.Single(document.GetProperty("files").EnumerateArray()).GetProperty("verdict").GetString());
        var links = document.GetProperty("links");
        await UploadHost.Until(async () =>
            (await host.Client.GetFromJsonAsync<JsonElement>(links.GetProperty("job").GetString())).GetProperty("status").GetString() == "succeeded");
        var results = await host.Client.GetFromJsonAsync<JsonElement>(links.GetProperty("results").GetString(), TestContext.Current.CancellationToken);
        Assert.Equal(MultiFrameCt.Frames, results.GetProperty("series").GetProperty("sliceCount").GetInt32());
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public UploadHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await UploadHost.Start();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    private static byte[] Study(string name)
    {
        var entries = new List<ZipIntakeForgedEntry>
        {
            new("DICOMDIR", "something"u8.ToArray()),
            new("INDEX", new IntakeSlice(0) { Study = name, Series = "index", SopClass = SopClasses.MediaStorageDirectoryStorage }.ToFile()),
            new("__MACOSX/PAT1/._A0", Encoding.ASCII.GetBytes("Mac OS X")),
            new(".DS_Store", [0, 0, 0, 1]),
            new("viewer/", []),
            new("viewer/run.exe", "MZ program"u8.ToArray()),
            new("report.pdf", "%PDF-1.7"u8.ToArray()),
            new("empty", []),
        };

        // The worst come first, so that the order of the files can't be what chooses.
        Add("scout", 2, position: k => [-120, -120 + k, 0], change: d => d.Text(DicomTags.ImageType, DicomVr.CS, "ORIGINAL", "PRIMARY", "LOCALIZER"));
        Add("dose report", 1, change: d => d.Text(DicomTags.Modality, DicomVr.CS, "SR").Uid(DicomTags.SopClassUid, "1.2.840.10008.5.1.4.1.1.88.67"));
        Add("dose screen", 1, change: d => d.Uid(DicomTags.SopClassUid, "1.2.840.10008.5.1.4.1.1.7"));
        Add("secondary capture", 1, change: d => d.Text(DicomTags.Modality, DicomVr.CS, "OT").Uid(DicomTags.SopClassUid, "1.2.840.10008.5.1.4.1.1.7"));
        Add("coronal", 40, position: k => [-120, -120 + (5 * k), 120], change: d => d.Decimals(DicomTags.ImageOrientationPatient, 1, 0, 0, 0, 0, -1));
        Add("chest 5 mm", 30, change: d => d.Text(DicomTags.BodyPartExamined, DicomVr.CS, "CHEST"));
        Add("contrast 5 mm", 30, change: d => d.Text(DicomTags.ContrastBolusAgent, DicomVr.LO, "Iodine 300"));
        Add("CTA head 5 mm", 30, change: _ => { });
        Add("bone 5 mm", 30, change: d => d.Text(DicomTags.ConvolutionKernel, DicomVr.SH, "BONEPLUS"));
        Add("soft 1 mm", 150, position: k => [-120, -120, k], change: d => d.Decimals(DicomTags.SliceThickness, 1));
        Add("soft 5 mm", 30, change: _ => { });
        return ZipIntakeForge.Zip(entries);

        void Add(string series, int count, Action<DicomDataset> change, Func<int, double[]>? position = null)
        {
            for (var k = 0; k < count; k++)
            {
                var dataset = new IntakeSlice(k) { Study = name, Series = series, Size = 8 }.ToDataset().Text(DicomTags.ConvolutionKernel, DicomVr.SH, "STANDARD");
                if (position is not null)
                {
                    dataset.Decimals(DicomTags.ImagePositionPatient, position(k));
                }

                change(dataset);
                using var file = new MemoryStream();
                DicomFileWriter.Write(file, dataset, TransferSyntax.ExplicitLittleEndian.Uid);
                entries.Add(new ZipIntakeForgedEntry($"PAT1/{series}/{k % 3}/A{k}", file.ToArray()));
            }
        }
    }

    private static string Description(JsonElement series) => series.GetProperty("description").GetString()!;

    private static string Reasons(JsonElement series) => string.Join(' ', series.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
}
