using HemoApi.Audit;
using HemoApi.Imaging.Masks;
using HemoApi.Storage;
using HemoApi.Studies;

namespace HemoApi.References;

/// <summary>One reader's mask of a study.</summary>
/// <param name="Reader">The code of who drew it.</param>
/// <param name="Format">What was sent: `nifti` or `dicomSeg`.</param>
/// <param name="Volumes">One entry for each type, by true slice extents; zero where the reader marked nothing.</param>
public sealed record ReferenceDocument(
    Guid ReferenceId,
    Guid StudyId,
    string Reader,
    string Format,
    IReadOnlyList<ReferenceVolumeDocument> Volumes,
    DateTimeOffset CreatedAt,
    ReferenceLinks Links) : IAuditSubject
{
    string? IAuditSubject.AuditedSubject => ReferenceId.ToString();

    public static ReferenceDocument Of(ReferenceMask row) => new(
        row.Id,
        row.StudyId,
        row.Reader,
        row.Format,
        [new(HemorrhageType.Ich.Code(), row.IchMl), new(HemorrhageType.Edh.Code(), row.EdhMl), new(HemorrhageType.Sdh.Code(), row.SdhMl)],
        row.CreatedAt,
        ReferenceLinks.Of(row));
}

/// <param name="Type">ICH (intracerebral), EDH (extradural) or SDH (subdural).</param>
public sealed record ReferenceVolumeDocument(string Type, double VolumeMl);

public sealed record ReferenceLinks(string Self, string Mask, string Study)
{
    public static ReferenceLinks Of(ReferenceMask row)
    {
        var study = StudyLinks.StudyPath(row.StudyId);
        var self = $"{study}/references/{row.Id}";
        return new(self, $"{self}/mask.nii.gz", study);
    }
}

/// <param name="Items">By reader.</param>
public sealed record ReferenceList(IReadOnlyList<ReferenceDocument> Items);
