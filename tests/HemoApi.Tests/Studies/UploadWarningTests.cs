using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Imaging;

namespace HemoApi.Tests.Studies;

/// <summary>What an upload was warned of reaches whoever reads the result.</summary>
public sealed class UploadWarningTests(UploadWarningTests.Fixture fixture) : IClassFixture<UploadWarningTests.Fixture>
{
    private readonly UploadHost _host = fixture.Host;

    public static TheoryData<string, Func<byte[], ZipIntakeForgedEntryList>> LastFiles => new()
    {
        { FaultCodes.ZipCorrupt, file => new([new("IM029", file) { ClaimedCrc = 1 }]) },
        { FaultCodes.DicomMalformed, file => new([new("IM029", file[..^100])]) },
    };

    [Theory]
    [MemberData(nameof(LastFiles))]
    public async Task A_bad_file_at_the_end_of_the_stack_is_rejected_by_name_and_warned_of_in_the_result(
        string code, Func<byte[], ZipIntakeForgedEntryList> damage)
    {
        var last = new IntakeSlice(29).ToFile();
        var upload = await _host.Accept(ZipIntakeForge.Zip([.. IntakeSlice.Stack(29), .. damage(last).Entries]));
        var rejected = Assert.Single(upload.GetProperty("files").EnumerateArray(), f => f.GetProperty("verdict").GetString() == "rejected");
        Assert.Equal(("IM029", code), (rejected.GetProperty("name").GetString(), rejected.GetProperty("code").GetString()));
        var answered = Assert.Single(Skipped(upload));

        var results = await Results(upload);
        Assert.Equal(29, results.GetProperty("series").GetProperty("sliceCount").GetInt32());
        Assert.Equal(answered, Assert.Single(Skipped(results)));
        Assert.Contains("1 DICOM file", answered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_study_without_bad_files_is_not_warned_of_any()
    {
        var upload = await _host.Accept(ZipIntakeForge.Zip([.. IntakeSlice.Stack(), new("README.TXT", [1])]));
        Assert.Empty(Skipped(upload));
        Assert.Empty(Skipped(await Results(upload)));
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public UploadHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await UploadHost.Start(work: null);

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    private static IEnumerable<string?> Skipped(JsonElement document) =>
        from warning in document.GetProperty("warnings").EnumerateArray()
        where warning.GetProperty("code").GetString() == WarningCodes.FilesSkipped
        select warning.GetProperty("detail").GetString();

    private async Task<JsonElement> Results(JsonElement upload)
    {
        var links = upload.GetProperty("links");
        await UploadHost.Until(async () =>
            (await _host.Client.GetFromJsonAsync<JsonElement>($"{links.GetProperty("job").GetString()}")).GetProperty("status").GetString() == "succeeded");
        return await _host.Client.GetFromJsonAsync<JsonElement>(links.GetProperty("results").GetString());
    }
}
