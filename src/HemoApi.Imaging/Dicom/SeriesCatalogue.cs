namespace HemoApi.Imaging.Dicom;

/// <summary>Finds the CT series of an upload and chooses the one to measure.</summary>
public static class SeriesCatalogue
{
    /// <summary>The series of the upload, best first: the first eligible one is what <see cref="Plan"/> takes.</summary>
    /// <param name="pixels">As for <see cref="Plan"/>.</param>
    public static IReadOnlyList<SeriesCandidate> Group(IReadOnlyList<DicomInstance> instances, PixelFingerprints? pixels = null)
    {
        ArgumentNullException.ThrowIfNull(instances);
        return
        [
            .. Assess(instances, pixels).Select(s => new SeriesCandidate(s.SeriesInstanceUid, s.Description, s.Instances, s.Stack is not null, s.Reasons)),
        ];
    }

    /// <summary>Chooses a series, sorts its slices and checks their geometry.</summary>
    /// <param name="instances">Every readable file of the upload, of all series.</param>
    /// <param name="seriesInstanceUid">The caller's choice; null for the best.</param>
    /// <param name="rejectedFiles">DICOM files of the upload that could not be read; the plan warns of them.</param>
    /// <param name="pixels">Compares images that lie at one place; null where the files are not at hand, and then only images of one
    /// SOP Instance UID count as copies of each other.</param>
    /// <returns><see cref="FaultCodes.DicomNone"/>: no instances. <see cref="FaultCodes.StudyMixed"/>: several patients or
    /// studies. <see cref="FaultCodes.SeriesNotCt"/>: no CT. <see cref="FaultCodes.SeriesNoneEligible"/>: no CT series that
    /// can be measured, or no series of that UID. <see cref="FaultCodes.DicomTransferSyntax"/> or a geometry code: the
    /// largest CT series fails on that.</returns>
    public static Outcome<SeriesPlan> Plan(IReadOnlyList<DicomInstance> instances, string? seriesInstanceUid, int rejectedFiles = 0, PixelFingerprints? pixels = null)
    {
        ArgumentNullException.ThrowIfNull(instances);
        if (instances.Count == 0)
        {
            return DicomFaults.None("The upload holds no readable DICOM file.");
        }

        if (MixedFault(instances) is { } mixed)
        {
            return mixed;
        }

        var series = Assess(instances, pixels);
        if (seriesInstanceUid is null)
        {
            return series[0].Stack is { } best
                ? MakePlan(series[0], best, series, series, rejectedFiles)
                : RefuseAll(series, "The upload");
        }

        if (series.FirstOrDefault(s => s.SeriesInstanceUid == seriesInstanceUid) is not { } wanted)
        {
            return new Fault(
                FaultCodes.SeriesNoneEligible,
                $"The upload has no series of the requested UID; it has {series.Count}.",
                $"Request one of its eligible series, or none to have the best chosen: {EligibleUids(series)}.");
        }

        return wanted.Stack is { } stack
            ? MakePlan(wanted, stack, [wanted], series, rejectedFiles)
            : RefuseAll([wanted], "The requested series");
    }

    private static IReadOnlyList<SeriesAssessment> Assess(IReadOnlyList<DicomInstance> instances, PixelFingerprints? pixels) =>
        SeriesRanking.Order(instances.SelectMany(i => i.Images).GroupBy(i => i.SeriesInstanceUid).Select(g => SeriesAssessment.Of(g.Key, [.. g], pixels)));

    private static Fault? MixedFault(IReadOnlyList<DicomInstance> instances)
    {
        // A file without a patient id (de-identified, or made by a post-processor) does not speak for another patient.
        var patients = instances.Where(i => i.PatientId is not null).DistinctBy(i => i.PatientId).Count();
        var studies = instances.DistinctBy(i => i.StudyInstanceUid).Count();
        if (patients <= 1 && studies <= 1)
        {
            return null;
        }

        return new Fault(
            FaultCodes.StudyMixed,
            patients > 1
                ? $"The upload holds images of {patients} patients (different Patient IDs)."
                : $"The upload holds {studies} studies (different Study Instance UIDs) of one patient.",
            "Send one study of one patient in each upload.");
    }

    private static Fault RefuseAll(IReadOnlyList<SeriesAssessment> series, string subject)
    {
        var images = series.SelectMany(s => s.Instances).ToArray();
        if (!images.Any(ImageEligibility.IsCt))
        {
            var modalities = images.Select(ImageEligibility.ModalityName).Distinct().Order(StringComparer.Ordinal);
            return new Fault(
                FaultCodes.SeriesNotCt,
                $"{subject} has no CT images, only {string.Join(", ", modalities)}.",
                "Send a non-contrast head CT.");
        }

        if (series.Where(s => s.Fault is not null).MaxBy(s => s.Usable.Count) is { } refused)
        {
            return refused.Fault!;
        }

        var reasons = series.Where(s => s.Instances.Any(ImageEligibility.IsCt)).SelectMany(s => s.Reasons).Distinct().Take(5);
        return new Fault(
            FaultCodes.SeriesNoneEligible,
            $"{subject} has no CT series that can be measured: {string.Join(' ', reasons)}",
            $"Send an axial head CT series of at least {SeriesAssessment.MinimumSlices} slices, as the scanner reconstructed it.");
    }

    private static SeriesPlan MakePlan(
        SeriesAssessment chosen, SliceStack stack, IReadOnlyList<SeriesAssessment> series, IReadOnlyList<SeriesAssessment> upload, int rejectedFiles) =>
        new(
            chosen.SeriesInstanceUid,
            stack.Slices[0].StudyInstanceUid,
            chosen.Description,
            stack.Slices,
            stack.Geometry,
            stack.GantryTiltDegrees,
            [.. PlanWarnings.Of(chosen, stack, series, upload, rejectedFiles)]);

    private static string EligibleUids(IEnumerable<SeriesAssessment> series)
    {
        var uids = series.Where(s => s.Stack is not null).Select(s => s.SeriesInstanceUid).Take(20).ToArray();
        return uids.Length == 0 ? "none is eligible" : string.Join(", ", uids);
    }
}
