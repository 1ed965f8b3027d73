using HemoApi.Shadow;
using HemoApi.Storage;

namespace HemoApi.Hosting;

/// <summary>The example of the list of shadow runs in the API document.</summary>
internal static class ShadowExample
{
    public static ShadowRunPage Page() => new(
        [
            ShadowRunDocument.Of(new ShadowRun
            {
                Id = Guid.Parse("0199a5c3-0b52-7d18-8f47-2ac9d1e6f703"),
                TenantId = Guid.Empty,
                StudyId = ApiExamples.StudyId,
                JobId = ApiExamples.JobId,
                ModelId = "dense-unet-next",
                ModelVersion = "2",
                ModelSha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                Status = JobStatus.Succeeded,
                Volumes = [new("ICH", 18.4, 19.7, 0.94), new("EDH", 0, 0, null), new("SDH", 0, 0, null)],
                DifferentMl = 2.3,
                CreatedAt = new DateTimeOffset(2026, 3, 1, 8, 15, 5, TimeSpan.Zero),
                FinishedAt = new DateTimeOffset(2026, 3, 1, 8, 15, 9, TimeSpan.Zero),
            }),
        ],
        null);
}
