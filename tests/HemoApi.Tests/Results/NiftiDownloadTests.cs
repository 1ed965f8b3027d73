using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.Results;

public sealed class NiftiDownloadTests(FinishedStudy finished) : IClassFixture<FinishedStudy>
{
    private const int HeaderBytes = 352;

    [Fact]
    public async Task The_mask_holds_the_volume_that_the_document_states()
    {
        var mask = await Unzipped("mask");
        Assert.Equal([3, 128, 96, 31], Enumerable.Range(0, 4).Select(i => (int)Short(mask, 40 + (2 * i))));
        Assert.Equal([1f, 1f, 2.5f], Enumerable.Range(1, 3).Select(i => BinaryPrimitives.ReadSingleLittleEndian(mask.AsSpan(76 + (4 * i)))));

        var voxels = mask[HeaderBytes..];
        Assert.Equal(128 * 96 * 31, voxels.Length);
        Assert.All(voxels.Distinct(), label => Assert.InRange(label, 0, 1));
        var stated = (await finished.Client.Results(finished.Study)).GetProperty("totalVolumeMl").GetDouble();
        Assert.Equal(stated, voxels.Count(label => label == 1) * 2.5 / 1000, 1e-9);
    }

    [Fact]
    public async Task The_image_holds_hounsfield_units_on_the_masks_grid()
    {
        var (mask, image) = (await Unzipped("mask"), await Unzipped("image"));
        Assert.Equal(mask[40..56], image[40..56]);
        Assert.Equal(mask[76..108], image[76..108]);
        Assert.Equal(mask[252..328], image[252..328]);
        for (var i = 0; i < mask.Length - HeaderBytes; i++)
        {
            var hu = Short(image, HeaderBytes + (2 * i));
            Assert.True(hu is -1000 or 33 or HeadStudy.BloodHu && (hu > 60) == (mask[HeaderBytes + i] == 1), $"voxel {i} is {hu} HU");
        }
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("image")]
    public async Task A_download_names_itself_and_is_not_sent_again_while_it_is_the_same(string what)
    {
        using var first = await Get(what);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal($"{finished.Study}-{what}.nii.gz", first.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("attachment", first.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("application/gzip", first.Content.Headers.ContentType?.MediaType);
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);

        using var same = await Get(what, r => r.Headers.IfNoneMatch.Add(tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(tag, same.Headers.ETag);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());
        using var other = await Get(what, r => r.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\"")));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Ranges_put_together_are_the_whole()
    {
        using var whole = await Get("image");
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        var (head, middle) = (new RangeHeaderValue(0, 99), new RangeHeaderValue(100, null));
        using var first = await Get("image", r => r.Headers.Range = head);
        using var rest = await Get("image", r => (r.Headers.Range, r.Headers.IfRange) = (middle, new RangeConditionHeaderValue(whole.Headers.ETag!)));
        using var last = await Get("image", r => r.Headers.Range = new RangeHeaderValue(null, 10));

        Assert.Equal(HttpStatusCode.PartialContent, first.StatusCode);
        Assert.Equal($"bytes 0-99/{bytes.Length}", first.Content.Headers.ContentRange?.ToString());
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal(bytes, (byte[])[.. await first.Content.ReadAsByteArrayAsync(), .. await rest.Content.ReadAsByteArrayAsync()]);
        Assert.Equal(bytes[^10..], await last.Content.ReadAsByteArrayAsync());
        using var stale = await Get("image", r => (r.Headers.Range, r.Headers.IfRange) = (middle, new RangeConditionHeaderValue("\"stale\"")));
        Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
        Assert.Equal(bytes, await stale.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_refused_with_the_length_there_is()
    {
        using var whole = await Get("mask");
        using var beyond = await Get("mask", r => r.Headers.Range = new RangeHeaderValue(1_000_000_000, null));
        Assert.Equal($"bytes */{whole.Content.Headers.ContentLength}", beyond.Content.Headers.ContentRange?.ToString());
        await CallerTests.Refused(beyond, 416, "request.invalid");
    }

    private async Task<HttpResponseMessage> Get(string what, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/studies/{finished.Study}/results/{what}.nii.gz");
        change?.Invoke(request);
        return await finished.Client.SendAsync(request);
    }

    private async Task<byte[]> Unzipped(string what)
    {
        using var answer = await Get(what);
        using var bytes = new MemoryStream();
        await using var gzip = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        await gzip.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static short Short(byte[] bytes, int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at));
}
