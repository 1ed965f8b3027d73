namespace HemoApi.Studies;

/// <summary>What is kept of an accepted upload: a file, and what the study's row says of it.</summary>
/// <param name="File">Becomes the study's blob.</param>
/// <param name="UploadBytes">Of the upload as it came.</param>
/// <param name="Intake">Of the file that is kept.</param>
/// <param name="Files">One verdict for each entry of the upload.</param>
/// <param name="SeriesInstanceUid">The series asked for, as the kept file names it.</param>
public sealed record StudyToStore(
    UploadStreamFile File,
    long UploadBytes,
    Intake Intake,
    IReadOnlyList<FileVerdict> Files,
    string? SeriesInstanceUid) : IDisposable
{
    /// <summary>Deletes the file unless it was kept.</summary>
    public void Dispose() => File.Dispose();
}
