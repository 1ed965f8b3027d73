using HemoApi.Imaging;
using HemoApi.Studies;

namespace HemoApi.Tests.Studies;

/// <summary>Examines an archive as the upload does, from a file.</summary>
internal static class ZipIntakeProbe
{
    public static Outcome<Intake> Examine(byte[] zip, IntakeOptions? limits = null, string? seriesInstanceUid = null, int? seriesIndex = null)
    {
        var path = Path.Combine(Path.GetTempPath(), $"hemoapi-intake-{Guid.NewGuid():n}.zip");
        File.WriteAllBytes(path, zip);
        try
        {
            using var file = File.OpenHandle(path);
            return ZipIntake.Examine(file, limits ?? new IntakeOptions(), new SeriesChoice(seriesInstanceUid, seriesIndex), TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static Fault Refuse(byte[] zip, string code, IntakeOptions? limits = null)
    {
        var fault = Examine(zip, limits).Fault;
        Assert.NotNull(fault);
        Assert.Equal(code, fault.Code);
        Assert.NotEmpty(fault.Detail);
        Assert.NotEmpty(fault.Remedy);
        return fault;
    }
}
