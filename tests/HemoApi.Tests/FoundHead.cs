using System.Text.Json.Nodes;

namespace HemoApi.Tests;

/// <summary>Results of a <see cref="HeadStudy"/> to compare with each other.</summary>
internal static class FoundHead
{
    /// <summary>What was found, without what differs from run to run: ids and times; and the mask.</summary>
    public static async Task<string> In(HttpClient client, Guid study)
    {
        var document = JsonNode.Parse(await client.GetStringAsync($"/api/v1/studies/{study}/results"))!.AsObject();
        Array.ForEach(["studyId", "jobId", "timings"], name => Assert.True(document.Remove(name)));
        Assert.True(document["series"]!.AsObject().Remove("seriesInstanceUid") && document["series"]!.AsObject().Remove("studyInstanceUid"));
        Assert.InRange((double)document["totalVolumeMl"]! / HeadStudy.VolumeMl, 0.97, 1.03);
        var mask = await client.GetByteArrayAsync($"/api/v1/studies/{study}/results/mask.nii.gz");
        return $"{document} {Convert.ToHexString(mask)}";
    }
}
