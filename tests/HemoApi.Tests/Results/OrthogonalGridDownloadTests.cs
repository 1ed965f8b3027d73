using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using HemoApi.Hosting;
using HemoApi.Imaging.Dicom;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Results;

/// <summary><c>?grid=</c> of the NIfTI files, of an upright and of a tilted scan.</summary>
public sealed class OrthogonalGridDownloadTests(OrthogonalGridDownloadTests.Fixture fixture) : IClassFixture<OrthogonalGridDownloadTests.Fixture>
{
    private const int HeaderBytes = 352;
    private const int QformCode = 252;

    [Theory]
    [InlineData("mask")]
    [InlineData("image")]
    public async Task A_tilted_scan_is_on_its_sheared_grid_unless_an_orthogonal_one_is_asked_for(string what)
    {
        var (acquired, acquiredTag, acquiredName) = await Get(fixture.Tilted, what, "");
        var (named, _, _) = await Get(fixture.Tilted, what, "?grid=acquired");
        var (orthogonal, orthogonalTag, orthogonalName) = await Get(fixture.Tilted, what, "?grid=orthogonal");

        Assert.Equal(acquired, named);
        Assert.Equal((0, 1), (Short(acquired, QformCode), Short(orthogonal, QformCode)));
        Assert.Equal((128, 96, 31), (Short(acquired, 42), Short(acquired, 44), Short(acquired, 46)));

        // 30 steps of 2.5 mm, of which the sine of 20° goes along the rows of 1 mm.
        Assert.Equal((128, 96 + 26, 31), (Short(orthogonal, 42), Short(orthogonal, 44), Short(orthogonal, 46)));
        Assert.NotEqual(acquiredTag, orthogonalTag);
        Assert.Equal(($"{fixture.Tilted}-{what}.nii.gz", $"{fixture.Tilted}-{what}-orthogonal.nii.gz"), (acquiredName, orthogonalName));
    }

    [Fact]
    public async Task The_blood_of_a_tilted_scan_has_the_same_volume_on_both_grids()
    {
        var (acquired, _, _) = await Get(fixture.Tilted, "mask", "");
        var (orthogonal, _, _) = await Get(fixture.Tilted, "mask", "?grid=orthogonal");

        Assert.InRange(Ml(acquired), 1, 100);
        Assert.InRange(Ml(orthogonal) / Ml(acquired), 0.99, 1.01);
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("image")]
    public async Task An_upright_scan_is_orthogonal_as_it_is(string what)
    {
        var (acquired, acquiredTag, acquiredName) = await Get(fixture.Upright, what, "");
        var (orthogonal, orthogonalTag, orthogonalName) = await Get(fixture.Upright, what, "?grid=orthogonal");

        Assert.Equal(acquired, orthogonal);
        Assert.Equal((acquiredTag, acquiredName), (orthogonalTag, orthogonalName));
    }

    [Fact]
    public async Task Another_grid_is_refused()
    {
        using var answer = await fixture.Client.GetAsync($"/api/v1/studies/{fixture.Tilted}/results/mask.nii.gz?grid=isotropic", TestContext.Current.CancellationToken);
        await CallerTests.Refused(answer, 400, "request.invalid");
    }

    public sealed class Fixture : IAsyncLifetime
    {
        private TestService _service = null!;

        public HttpClient Client { get; private set; } = null!;

        public Guid Upright { get; private set; }

        public Guid Tilted { get; private set; }

        public async ValueTask InitializeAsync()
        {
            _service = await TestService.Start();
            (Client, _, _) = await _service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
            Upright = await Measure(new HeadStudy { Name = "upright" });
            var (cos, sin) = (Math.Cos(20 * Math.PI / 180), Math.Sin(20 * Math.PI / 180));
            Tilted = await Measure(new HeadStudy { Name = "tilted", Change = d => d.Decimals(DicomTags.ImageOrientationPatient, 1, 0, 0, 0, cos, -sin) });
        }

        public ValueTask DisposeAsync() => _service.DisposeAsync();

        private async Task<Guid> Measure(HeadStudy study)
        {
            var (id, job) = await Client.Upload(study.Zip());
            Assert.Equal("succeeded", (await Client.JobEnded(job)).Status());
            return id;
        }
    }

    private async Task<(byte[] Nifti, string? Tag, string? Name)> Get(Guid study, string what, string query)
    {
        using var answer = await fixture.Client.GetAsync($"/api/v1/studies/{study}/results/{what}.nii.gz{query}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var bytes = new MemoryStream();
        await using var gzip = new GZipStream(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        await gzip.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return (bytes.ToArray(), answer.Headers.ETag?.Tag, answer.Content.Headers.ContentDisposition?.FileName);
    }

    private static double Ml(byte[] mask) =>
        mask[HeaderBytes..].Count(label => label != 0) * Enumerable.Range(1, 3).Aggregate(1.0, (product, i) => product * BinaryPrimitives.ReadSingleLittleEndian(mask.AsSpan(76 + (4 * i)))) / 1000;

    private static short Short(byte[] bytes, int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at));
}
