using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Tests.References;

/// <summary>Masks that readers draw of a <see cref="HeadStudy"/>, and the calls that send them.</summary>
internal static class ReferenceCalls
{
    /// <summary>The blood as a reader sees it who draws every radius by this much too far, and its centre elsewhere.</summary>
    public static LabelVolume Drawn(double scale = 1, double beyondMm = 0, double shiftMm = 0, HemorrhageType type = HemorrhageType.Ich, VolumeGeometry? geometry = null)
    {
        var centre = HeadStudy.CentreLpsMm + new Vector3D(shiftMm, 0, 0);
        var (a, b, c) = ((scale * HeadStudy.RadiiMm.X) + beyondMm, (scale * HeadStudy.RadiiMm.Y) + beyondMm, (scale * HeadStudy.RadiiMm.Z) + beyondMm);
        return (geometry ?? HeadStudy.Geometry).DrawMask(p => p.InEllipsoid(centre, a, b, c) ? type : null);
    }

    public static LabelVolume Nothing() => HeadStudy.Geometry.DrawMask(_ => null);

    public static byte[] Nifti(this LabelVolume mask)
    {
        using var file = new MemoryStream();
        NiftiWriter.WriteMask(mask, file);
        return file.ToArray();
    }

    public static async Task<HttpResponseMessage> PostReference(
        this HttpClient client, Guid study, byte[] file, string query = "", string mediaType = "application/gzip")
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return await client.PostAsync($"/api/v1/studies/{study}/references{query}", content);
    }

    public static async Task<JsonElement> AddReference(this HttpClient client, Guid study, LabelVolume mask, string query = "")
    {
        using var answer = await client.PostReference(study, mask.Nifti(), query);
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True((int)answer.StatusCode == 201, document.ToString());
        return document;
    }

    public static string Link(this JsonElement document, string name) => document.GetProperty("links").GetProperty(name).GetString()!;

    public static async Task<Guid> Finished(this HttpClient client, HeadStudy study)
    {
        var (id, job) = await client.Upload(study.Zip());
        Assert.Equal("succeeded", (await client.JobEnded(job)).Status());
        return id;
    }
}
