using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Registration;
using HemoApi.Results;

namespace HemoApi.Hosting;

/// <summary>The example of a comparison in the API document.</summary>
internal static class ComparisonExample
{
    public static ComparisonDocument Of(ResultsDocument later, Guid earlierStudyId)
    {
        var scanned = new DateTime(2026, 3, 1, 7, 15, 0);
        var ich = new VolumeGrowth(11.2, 18.4, ChangeInterval.Of(11.2, (9.1, 13.6), 18.4, (14.9, 22.6)));
        var none = new VolumeGrowth(0, 0, new ChangeInterval(0, 0));
        var registration = new SkullRegistration(RigidMotion.About(new(0, 0, 60), new(0.02, -0.01, 0.08), new(4.1, -2.7, 6.3)), 0.31, 0.94, 0.2, null);
        return new(
            new ComparedStudyDocument(earlierStudyId, Guid.Parse("0199a47d-10c5-7d11-b0a9-3c55e7f9a402"), scanned.AddHours(-6.5)),
            new ComparedStudyDocument(later.StudyId, later.JobId, scanned),
            6.5,
            later.Model,
            [.. HemorrhageTypes.All.Select(type => TypeGrowthDocument.Of(type, type == HemorrhageType.Ich ? ich : none))],
            GrowthDocument.Of(ich),
            RegistrationDocument.Of(registration),
            [LesionGrowthDocument.Of(new MatchedLesions(HemorrhageType.Ich, [1], [1], 11.2, 18.4))],
            []);
    }
}
