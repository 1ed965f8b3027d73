using HemoApi.Analytics;
using HemoApi.Imaging.Masks;
using HemoApi.Queries;
using HemoApi.Storage;

namespace HemoApi.Hosting;

/// <summary>Examples of the analytics in the API document.</summary>
internal static class AnalyticsExamples
{
    public static VolumeStatisticsDocument Volumes() => new(GetVolumes.ByMonth, [VolumeAggregate.Of(
        new VolumeGroup("2026-03"),
        HemorrhageType.Ich,
        416,
        [new(new("2026-03"), 84, 2, 16.9), new(new("2026-03"), 183, 1, 18.3), new(new("2026-03"), 417, 1, 41.7)])]);

    public static QueryRequest QueryRequest() => new("ICH of the north since March", Filter());

    public static QueryDocument Query() => QueryDocument.Of(new SavedQuery
    {
        Id = Guid.Parse("0199a5ce-63d8-7f0e-8b1a-90c2e7d4f516"),
        TenantId = Guid.Empty,
        Name = "ICH of the north since March",
        Filter = Filter(),
        CreatedAt = new DateTimeOffset(2026, 3, 20, 9, 30, 0, TimeSpan.Zero),
    });

    private static AnalyticsFilter Filter() => new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), null, "ICH", null, "north", null);

    public static string Export() =>
        $"{ResultsCsv.Header}\r\n{ApiExamples.StudyId},{ApiExamples.JobId},2026-03-01T08:15:00.0000000Z,2026-03-01T08:15:04.2000000Z,north,dense-unet,1,"
        + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08,18.4,0,0,18.4\r\n";
}
