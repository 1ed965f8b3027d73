using HemoApi.Imaging;
using HemoApi.Imaging.Registration;

namespace HemoApi.Results;

/// <summary>What makes two measurements less comparable, and what the comparison could not do.</summary>
public static class ComparisonWarnings
{
    /// <summary>Differences up to this share of the smaller value are rounding of headers or a scanner's fine adjustment.</summary>
    private const double LengthTolerance = 0.1;

    private const double TiltToleranceDegrees = 3;

    /// <param name="datesMayBeShifted">The service keeps shifted dates now.</param>
    public static IReadOnlyList<ResultWarning> Of(ComparedStudy baseline, ComparedStudy followUp, SkullRegistration? registration, bool datesMayBeShifted) =>
        [.. Times(baseline, followUp, datesMayBeShifted), .. Acquisition(baseline, followUp), .. Measurement(baseline, followUp), .. Position(registration)];

    private static IEnumerable<ResultWarning> Times(ComparedStudy baseline, ComparedStudy followUp, bool datesMayBeShifted)
    {
        if (baseline.Study.StudyDateTime is not { } earlier || followUp.Study.StudyDateTime is not { } later)
        {
            yield return new(WarningCodes.ComparisonTimeUnknown, "A study is kept without its date, so the time between them is unknown.");
            yield break;
        }

        if (later < earlier)
        {
            yield return new(WarningCodes.ComparisonOrder, "The baseline was scanned after the study that it is compared with; growth is given from the baseline on, against time.");
        }

        if (datesMayBeShifted)
        {
            yield return new(WarningCodes.ComparisonDatesShifted, "Dates are kept shifted by the same number of days for each patient; the time between holds only where both studies were received under that setting.");
        }
    }

    private static IEnumerable<ResultWarning> Acquisition(ComparedStudy baseline, ComparedStudy followUp)
    {
        var (before, after) = (baseline.Results.Series, followUp.Results.Series);
        var (thin, thick) = (ThicknessMm(before), ThicknessMm(after));
        if (Differ(thin, thick))
        {
            yield return Say(WarningCodes.ComparisonThickness, $"Slice thickness differs: {thin:0.##} mm, then {thick:0.##} mm; partial volume changes small and flat lesions.");
        }

        if (before.SpacingMm.Zip(after.SpacingMm).Any(pair => Differ(pair.First, pair.Second)))
        {
            yield return Say(
                WarningCodes.ComparisonSpacing,
                $"Spacing differs: {before.SpacingMm[0]:0.##} × {before.SpacingMm[1]:0.##} × {before.SpacingMm[2]:0.##} mm, then {after.SpacingMm[0]:0.##} × {after.SpacingMm[1]:0.##} × {after.SpacingMm[2]:0.##} mm.");
        }

        if (Math.Abs(before.GantryTiltDegrees - after.GantryTiltDegrees) > TiltToleranceDegrees)
        {
            yield return Say(WarningCodes.ComparisonTilt, $"Gantry tilt differs: {before.GantryTiltDegrees:0.#}°, then {after.GantryTiltDegrees:0.#}°.");
        }

        if (before.ConvolutionKernel is null || after.ConvolutionKernel is null)
        {
            yield return new(WarningCodes.ComparisonKernelUnknown, "The reconstruction kernel of a series is not known, so a difference would not be seen.");
        }
        else if (before.ConvolutionKernel != after.ConvolutionKernel)
        {
            yield return new(WarningCodes.ComparisonKernel, $"Reconstruction kernels differ: {before.ConvolutionKernel}, then {after.ConvolutionKernel}.");
        }
    }

    private static IEnumerable<ResultWarning> Measurement(ComparedStudy baseline, ComparedStudy followUp)
    {
        foreach (var (study, name) in new[] { (baseline, "baseline"), (followUp, "follow-up") })
        {
            if (study.Results.Lesions.Any(l => l.TouchesBorder))
            {
                yield return new(WarningCodes.ComparisonBorder, $"A lesion of the {name} reaches the edge of its scan; a change may be what was cut off.");
            }
        }

        if (baseline.Results.Volumes.Concat(followUp.Results.Volumes).Any(v => v is { VolumeMl: > 0, Uncertainty: null }))
        {
            yield return new(WarningCodes.ComparisonUncertainty, "A result was made by a version that did not estimate the uncertainty of volumes, so it is unknown whether the change is significant.");
        }
    }

    private static IEnumerable<ResultWarning> Position(SkullRegistration? registration)
    {
        if (registration is null)
        {
            yield return new(WarningCodes.ComparisonRegistration, "A scan shows too little skull to bring the heads together; lesions are not matched.");
        }
        else if (registration.UnreliableBecause is { } reason)
        {
            yield return new(WarningCodes.ComparisonRegistration, $"The heads could not be brought together reliably; lesions are not matched. {reason}");
        }
    }

    private static double ThicknessMm(SeriesDocument series) => series.Geometry.Slices.Average(s => s.ThicknessMm);

    private static bool Differ(double a, double b) => Math.Abs(a - b) > LengthTolerance * Math.Min(a, b);

    private static ResultWarning Say(string code, FormattableString sentence) => new(code, FormattableString.Invariant(sentence));
}
