namespace HemoApi.Imaging.Dicom;

/// <summary>What the reader of a result must know about the series that was chosen.</summary>
internal static class PlanWarnings
{
    /// <param name="series">All of the upload that the choice was made from.</param>
    /// <param name="upload">All of the upload.</param>
    public static IEnumerable<ResultWarning> Of(
        SeriesAssessment chosen, SliceStack stack, IReadOnlyList<SeriesAssessment> series, IReadOnlyList<SeriesAssessment> upload, int rejectedFiles)
    {
        foreach (var warning in stack.Warnings)
        {
            yield return warning;
        }

        if (chosen.HasContrast)
        {
            yield return new(WarningCodes.Contrast, "The series was scanned with a contrast agent, which can look like blood.");
        }
        else if (chosen.SuggestsContrast)
        {
            yield return new(WarningCodes.Contrast, "The description of the series suggests a contrast agent, which can look like blood.");
        }

        if (chosen.Kernel == KernelKind.Bone)
        {
            yield return new(WarningCodes.BoneKernel, "The series was reconstructed with a bone kernel, whose noise hides and mimics bleeding.");
        }

        if (chosen.IsElsewhere)
        {
            yield return new(WarningCodes.BodyPart, "The series names another body part than the head; no volume means anything unless the head is what it shows.");
        }

        if (stack.Slices.Any(slice => slice.IsLossy))
        {
            yield return new(WarningCodes.LossyCompression, "The images were compressed with loss, which blurs thin and faint bleeding and changes its HU.");
        }

        if (stack.Slices.Any(slice => slice.PhotometricInterpretation == PixelFormat.Monochrome1))
        {
            yield return new(
                WarningCodes.Photometric,
                "The images are meant to be displayed inverted (MONOCHROME1), which scanners do not write; their HU are taken from the rescale as they stand.");
        }

        foreach (var warning in HeadCoverage.Warnings(chosen, stack, upload))
        {
            yield return warning;
        }

        foreach (var sentence in chosen.LeftOut)
        {
            yield return new(WarningCodes.FilesSkipped, sentence);
        }

        foreach (var other in series.Where(s => s.Fault is not null && s.Usable.Count >= SeriesAssessment.MinimumSlices))
        {
            yield return new(WarningCodes.FilesSkipped, $"Another CT series of {other.Usable.Count} slices was passed over: {other.Fault!.Detail}");
        }

        if (rejectedFiles > 0)
        {
            yield return new(
                WarningCodes.FilesSkipped,
                rejectedFiles == 1 ? "1 DICOM file of the upload could not be read." : $"{rejectedFiles} DICOM files of the upload could not be read.");
        }
    }
}
