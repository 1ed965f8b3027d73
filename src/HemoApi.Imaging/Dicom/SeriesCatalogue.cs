namespace HemoApi.Imaging.Dicom;

/// <summary>Finds the CT series of an upload and chooses the one to measure.</summary>
public static class SeriesCatalogue
{
    /// <summary>The series of the upload, best first: the first eligible one is what <see cref="Plan"/> takes.</summary>
    public static IReadOnlyList<SeriesCandidate> Group(IReadOnlyList<DicomInstance> instances)
    {
        ArgumentNullException.ThrowIfNull(instances);
        return
        [
            .. Assess(instances).Select(s => new SeriesCandidate(s.SeriesInstanceUid, s.Description, s.Instances, s.Stack is not null, s.Reasons)),
        ];
    }

    /// <summary>Chooses a series, sorts its slices and checks their geometry.</summary>
    /// <param name="instances">Every readable file of the upload, of all series.</param>
    /// <param name="seriesInstanceUid">The caller's choice; null for the best.</param>
    /// <param name="rejectedFiles">DICOM files of the upload that could not be read; the plan warns of them.</param>
    /// <returns><see cref="FaultCodes.DicomNone"/>: no instances. <see cref="FaultCodes.StudyMixed"/>: several patients or
    /// studies. <see cref="FaultCodes.SeriesNotCt"/>: no CT. <see cref="FaultCodes.SeriesNoneEligible"/>: no CT series that
    /// can be measured, or no series of that UID. <see cref="FaultCodes.DicomTransferSyntax"/> or a geometry code: the
    /// largest CT series fails on that.</returns>
    public static Outcome<SeriesPlan> Plan(IReadOnlyList<DicomInstance> instances, string? seriesInstanceUid, int rejectedFiles = 0)
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

        var series = Assess(instances);
        if (seriesInstanceUid is null)
        {
            return series[0].Stack is { } best
                ? MakePlan(series[0], best, series, rejectedFiles)
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
            ? MakePlan(wanted, stack, [wanted], rejectedFiles)
            : RefuseAll([wanted], "The requested series");
    }

    private static IReadOnlyList<SeriesAssessment> Assess(IReadOnlyList<DicomInstance> instances) =>
        SeriesRanking.Order(instances.SelectMany(i => i.Images).GroupBy(i => i.SeriesInstanceUid).Select(g => SeriesAssessment.Of(g.Key, [.. g])));

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

    private static SeriesPlan MakePlan(SeriesAssessment chosen, SliceStack stack, IReadOnlyList<SeriesAssessment> series, int rejectedFiles)
    {
        List<ResultWarning> warnings = [.. stack.Warnings];
        if (chosen.HasContrast)
        {
            warnings.Add(new(WarningCodes.Contrast, "The series was scanned with a contrast agent, which can look like blood."));
        }

        if (chosen.Kernel == KernelKind.Bone)
        {
            warnings.Add(new(WarningCodes.BoneKernel, "The series was reconstructed with a bone kernel, whose noise hides and mimics bleeding."));
        }

        if (stack.Slices.Any(slice => slice.IsLossy))
        {
            warnings.Add(new(WarningCodes.LossyCompression, "The images were compressed with loss, which blurs thin and faint bleeding and changes its HU."));
        }

        warnings.AddRange(chosen.LeftOut.Select(sentence => new ResultWarning(WarningCodes.FilesSkipped, sentence)));
        warnings.AddRange(series
            .Where(s => s.Fault is not null && s.Usable.Count >= SeriesAssessment.MinimumSlices)
            .Select(s => new ResultWarning(WarningCodes.FilesSkipped, $"Another CT series of {s.Usable.Count} slices was passed over: {s.Fault!.Detail}")));
        if (rejectedFiles > 0)
        {
            warnings.Add(new(
                WarningCodes.FilesSkipped,
                rejectedFiles == 1 ? "1 DICOM file of the upload could not be read." : $"{rejectedFiles} DICOM files of the upload could not be read."));
        }

        return new SeriesPlan(
            chosen.SeriesInstanceUid,
            stack.Slices[0].StudyInstanceUid,
            chosen.Description,
            stack.Slices,
            stack.Geometry,
            stack.GantryTiltDegrees,
            warnings);
    }

    private static string EligibleUids(IEnumerable<SeriesAssessment> series)
    {
        var uids = series.Where(s => s.Stack is not null).Select(s => s.SeriesInstanceUid).Take(20).ToArray();
        return uids.Length == 0 ? "none is eligible" : string.Join(", ", uids);
    }
}
