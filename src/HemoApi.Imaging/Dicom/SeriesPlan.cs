using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Dicom;

/// <summary>A series whose headers make a valid CT stack: which file gives which slice, and where it lies. Made from headers
/// only, so a study is refused at upload and not an hour later.</summary>
/// <param name="SeriesInstanceUid">(0020,000E)</param>
/// <param name="Geometry">Slices sorted along the normal; slice k comes from <c>Slices[k]</c>.</param>
/// <param name="GantryTiltDegrees">Angle between the stacking direction and the slice normal; 0 where there is none.</param>
/// <param name="Warnings">What the reader of the result must know about this acquisition.</param>
public sealed record SeriesPlan(
    string SeriesInstanceUid,
    string StudyInstanceUid,
    string? Description,
    IReadOnlyList<DicomInstance> Slices,
    VolumeGeometry Geometry,
    double GantryTiltDegrees,
    IReadOnlyList<ResultWarning> Warnings);

/// <summary>One series of an upload, and whether it can be measured.</summary>
/// <param name="Reasons">Why it is not eligible, or why it ranks where it does; sentences.</param>
public sealed record SeriesCandidate(
    string SeriesInstanceUid,
    string? Description,
    IReadOnlyList<DicomInstance> Instances,
    bool Eligible,
    IReadOnlyList<string> Reasons);
