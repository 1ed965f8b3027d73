using System.Net;
using System.Net.Http.Headers;
using HemoApi.Hosting;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Tests.Studies;

/// <summary>Bad input through HTTP: the status, the code, a remedy, and nothing left behind.</summary>
public sealed class UploadRefusalTests(UploadRefusalTests.Fixture fixture) : IClassFixture<UploadRefusalTests.Fixture>
{
    private const string Boundary = "boundary-of-the-form";

    private readonly UploadHost _host = fixture.Host;

    public static TheoryData<string, int, string, byte[]> BadBodies
    {
        get
        {
            var good = IntakeSlice.Stack();
            var gap = IntakeSlice.Stack();
            gap[14] = gap[14] with { ClaimedCrc = 1 };
            var inner = ZipIntakeForge.Zip(Enumerable.Range(0, 16).Select(i => new ZipIntakeForgedEntry($"lib {i}.zip", ZipIntakeForge.Zip(good))));
            return new TheoryData<string, int, string, byte[]>
            {
                { "empty", 400, FaultCodes.UploadEmpty, [] },
                { "not a zip", 400, FaultCodes.ZipInvalid, "hello"u8.ToArray() },
                { "truncated", 400, FaultCodes.UploadTruncated, ZipIntakeForge.Zip(good)[..20_000] },
                { "too large", 413, FaultCodes.UploadTooLarge, new byte[2_000_001] },
                { "nested zips", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([new("lib 0.zip", ZipIntakeForge.Zip(good))]) },
                { "nested zips that look like DICOM by their names", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([new("IM1.dcm", inner)]) },
                { "a zip beside a good study", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([.. good, new("more.zip", ZipIntakeForge.Zip(good))]) },
                { "deflated data sets that expand without end", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip(Stack(BlankAndDeflated)) },
                { "flat bomb", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([new("zeros", new byte[64 << 20])]) },
                { "path escape", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([new("../IM1", [1])]) },
                { "absolute path", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([new("/IM1", [1])]) },
                { "path with a drive", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([new("C:/IM1", [1])]) },
                { "path escape beside a good study", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([.. good, new("a/../../IM1", [1])]) },
                { "duplicate name", 422, FaultCodes.ZipUnsafe, ZipIntakeForge.Zip([good[0], good[1] with { Name = good[0].Name }]) },
                { "encrypted", 422, FaultCodes.ZipEncrypted, ZipIntakeForge.Zip([good[0] with { Flags = 1 }]) },
                { "corrupt", 422, FaultCodes.ZipCorrupt, ZipIntakeForge.Zip([good[0] with { ClaimedCrc = 1 }]) },
                { "no DICOM", 422, FaultCodes.DicomNone, ZipIntakeForge.Zip([new("a.txt", [1])]) },
                { "malformed DICOM", 422, FaultCodes.DicomMalformed, ZipIntakeForge.Zip([good[0] with { Data = good[0].Data[..400] }]) },
                { "polyglot", 422, FaultCodes.DicomPolyglot, ZipIntakeForge.Zip([good[0] with { Data = [.. "MZ"u8, .. good[0].Data[2..]] }]) },
                { "MR", 422, FaultCodes.SeriesNotCt, ZipIntakeForge.Zip(Stack(s => s with { Modality = "MR", SopClass = "1.2.840.10008.5.1.4.1.1.4" })) },
                { "localizer", 422, FaultCodes.SeriesNoneEligible, ZipIntakeForge.Zip([new IntakeSlice(0) { ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"] }.ToEntry()]) },
                { "transfer syntax of no standard", 422, FaultCodes.DicomTransferSyntax, ZipIntakeForge.Zip(good.Select(WithUnknownSyntax)) },
                { "too few slices", 422, FaultCodes.SeriesNoneEligible, ZipIntakeForge.Zip(good[..7]) },
                { "two studies", 422, FaultCodes.StudyMixed, ZipIntakeForge.Zip(Stack(s => s.Index < 15 ? s : s with { Study = "other" })) },
                { "two slices at one position", 422, FaultCodes.GeometryDuplicatePosition, ZipIntakeForge.Zip([.. good, new IntakeSlice(30) { ZMm = 15 }.ToEntry()]) },
                { "uneven spacing", 422, FaultCodes.GeometryUnevenSpacing, ZipIntakeForge.Zip(Stack(s => s with { ZMm = (12 * (s.Index / 3)) + (s.Index % 3) })) },
                { "slices of two sizes", 422, FaultCodes.GeometryInconsistentOrientation, ZipIntakeForge.Zip(Stack(s => s.Index < 15 ? s : s with { Size = 32 })) },
                { "two patients", 422, FaultCodes.StudyMixed, ZipIntakeForge.Zip(Stack(s => s.Index < 15 ? s : s with { PatientId = "P2" })) },
                { "one corrupt file in the middle", 422, FaultCodes.GeometryMissingSlice, ZipIntakeForge.Zip(gap) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_by_its_code_and_leaves_nothing(string what, int status, string code, byte[] body)
    {
        Assert.NotEmpty(what);
        await _host.Refuse(() => _host.Post(body), status, code);
        await _host.Refuse(() => _host.Post(body, idempotencyKey: "key-1"), status, code);
        await _host.Refuse(() => _host.Post(body, "?dryRun=true"), status, code);
        await _host.Refuse(() => _host.Send(Form(body)), status, code);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_cut_off_at_the_limit() =>
        await _host.Refuse(() => _host.Send(Chunked(new byte[4_000_000])), 413, FaultCodes.UploadTooLarge);

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/mixed; boundary=b")]
    [InlineData(null)]
    public async Task Other_media_types_are_refused(string? type)
    {
        var content = new ByteArrayContent(ZipIntakeForge.Zip(IntakeSlice.Stack()));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        await _host.Refuse(() => _host.Send(content), 415, FaultCodes.MediaUnsupported);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_body_with_a_content_encoding_is_refused(string encoding)
    {
        var content = new ByteArrayContent(ZipIntakeForge.Zip(IntakeSlice.Stack()));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/zip");
        content.Headers.ContentEncoding.Add(encoding);
        await _host.Refuse(() => _host.Send(content), 415, FaultCodes.MediaUnsupported);
    }

    [Fact]
    public async Task A_form_is_exactly_one_file()
    {
        var zip = ZipIntakeForge.Zip(IntakeSlice.Stack(3));
        await _host.Refuse(() => _host.Send(new MultipartFormDataContent()), 400, FaultCodes.RequestInvalid);
        await _host.Refuse(() => _host.Send(new MultipartFormDataContent { { new StringContent("stat"), "priority" } }), 400, FaultCodes.RequestInvalid);
        await _host.Refuse(
            () => _host.Send(new MultipartFormDataContent { { new ByteArrayContent(zip), "a", "a.zip" }, { new ByteArrayContent(zip), "b", "b.zip" } }),
            400,
            FaultCodes.RequestInvalid);
    }

    [Theory]
    [InlineData("the first boundary", 10, FaultCodes.UploadTruncated)]
    [InlineData("the headers of the file", 60, FaultCodes.RequestInvalid)]
    [InlineData("the file", 1000, FaultCodes.UploadTruncated)]
    [InlineData("the end of the file", -30, FaultCodes.UploadTruncated)]
    [InlineData("the last boundary", -10, FaultCodes.UploadTruncated)]
    [InlineData("the mark that it is the last", -4, FaultCodes.RequestInvalid)]
    public async Task A_form_that_is_cut_off_is_refused(string where, int length, string code)
    {
        Assert.NotEmpty(where);
        var form = await Form(ZipIntakeForge.Zip(IntakeSlice.Stack())).ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var cut = new ByteArrayContent(length > 0 ? form[..length] : form[..^-length]);
        cut.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");
        await _host.Refuse(() => _host.Send(cut), 400, code);
    }

    [Theory]
    [InlineData("?priority=urgent", null)]
    [InlineData("?dryRun=perhaps", null)]
    [InlineData("?seriesInstanceUid=CT-1", null)]
    [InlineData("?model=", null)]
    [InlineData("", "two words")]
    public async Task A_bad_option_is_refused_before_the_body_is_read(string query, string? key) =>
        await _host.Refuse(() => _host.Post(ZipIntakeForge.Zip(IntakeSlice.Stack()), query, key), 400, FaultCodes.RequestInvalid);

    [Fact]
    public async Task A_key_longer_than_255_characters_is_refused() =>
        await _host.Refuse(() => _host.Post([1], idempotencyKey: new string('k', 256)), 400, FaultCodes.RequestInvalid);

    [Fact]
    public async Task An_unknown_model_is_refused() =>
        await _host.Refuse(() => _host.Post(ZipIntakeForge.Zip(IntakeSlice.Stack()), "?model=none"), 422, FaultCodes.ModelUnknown);

    [Fact]
    public async Task A_wrong_key_and_a_key_without_the_scope_are_refused()
    {
        var zip = ZipIntakeForge.Zip(IntakeSlice.Stack());
        using var stranger = _host.ClientOf("wrong");
        await _host.Refuse(() => _host.Post(zip, client: stranger), 401, FaultCodes.AuthInvalid);
        using var reader = _host.ClientOf(await _host.MakeKey(FirstStart.DefaultTenant, Scopes.StudiesRead));
        await _host.Refuse(() => _host.Post(zip, client: reader), 403, FaultCodes.AuthScope);
    }

    [Fact]
    public async Task Without_disk_space_the_upload_is_refused_with_the_time_to_try_again()
    {
        await using var full = await UploadHost.Start($"--Intake:MinFreeDiskBytes={long.MaxValue / 2}");
        var before = await full.Remains();
        using var answer = await full.Post(ZipIntakeForge.Zip(IntakeSlice.Stack()));
        await UploadHost.ReadProblem(answer, 507, FaultCodes.StorageFull);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(before, await full.Remains());
    }

    [Fact]
    public async Task Names_and_patients_of_a_refused_upload_stay_out_of_the_answer()
    {
        using var answer = await _host.Post(ZipIntakeForge.Zip([new("Doe^Jane/../../IM1", [1])]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.DoesNotContain("Doe", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public UploadHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await UploadHost.Start("--Intake:MaxUploadBytes=2000000");

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    private static IEnumerable<ZipIntakeForgedEntry> Stack(Func<IntakeSlice, IntakeSlice> change) =>
        Enumerable.Range(0, 30).Select(i => change(new IntakeSlice(i)).ToEntry());

    private static IntakeSlice BlankAndDeflated(IntakeSlice slice) =>
        slice with { Size = 1024, IsBlank = true, Syntax = TransferSyntax.DeflatedExplicitLittleEndian };

    private static ZipIntakeForgedEntry WithUnknownSyntax(ZipIntakeForgedEntry entry)
    {
        var file = entry.Data.ToArray();
        var at = file.AsSpan().IndexOf("1.2.840.10008.1.2.1\0"u8);
        "1.2.840.10008.1.2.7"u8.CopyTo(file.AsSpan(at));
        return entry with { Data = file };
    }

    private static MultipartFormDataContent Form(byte[] file) => new(Boundary) { { new ByteArrayContent(file), "file", "study.zip" } };

    private static StreamContent Chunked(byte[] body)
    {
        var content = new StreamContent(new MemoryStream(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        content.Headers.ContentLength = null;
        return content;
    }
}
