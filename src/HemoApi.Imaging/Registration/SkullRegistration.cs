using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <summary>How two scans of one head lie to each other, by its skull alone: what is inside may have changed.</summary>
/// <param name="FollowUpToBaseline">Takes a point of the follow-up to the same place of the head in the baseline, LPS mm.</param>
/// <param name="RmsMm">Root mean square distance of the surfaces where both scans show them.</param>
/// <param name="OverlapShare">The share of the skull's surface that finds its counterpart in the other scan within 2 mm, 0 to 1: that of the scan that finds
/// less. A scan of part of the head, or of another head, gives little.</param>
/// <param name="SdMm">Standard error of the place of a point of the skull: how much the motion changes when one part after the other of the skull is left
/// out (jackknife over octants).</param>
/// <param name="UnreliableBecause">One sentence; null where the motion can be relied on.</param>
public sealed record SkullRegistration(RigidMotion FollowUpToBaseline, double RmsMm, double OverlapShare, double SdMm, string? UnreliableBecause)
{
    /// <summary>The scans must show at least this much of the same skull.</summary>
    public const double LeastOverlapShare = 0.6;

    /// <summary>Surfaces that lie further apart are not those of one rigid skull.</summary>
    public const double MostRmsMm = 1;

    /// <summary>A motion that is known less well matches no lesions.</summary>
    public const double MostSdMm = 1.5;

    private const int FewestPoints = 500;
    private const double CounterpartMm = 2;
    private const int CoarsePoints = 350;
    private const int MiddlePoints = 1200;
    private const int FinePoints = 5000;
    private const int Finalists = 3;
    private const double TiltDegrees = 22;

    public bool IsReliable => UnreliableBecause is null;

    /// <returns>The best motion that was found, reliable or not; null where a scan shows next to no skull.</returns>
    public static SkullRegistration? Find(SkullSurface baseline, SkullSurface followUp, CancellationToken cancellation = default)
    {
        if (baseline.Count < FewestPoints || followUp.Count < FewestPoints)
        {
            return null;
        }

        var alignment = new SkullAlignment(baseline, followUp);
        var coarse = SkullAlignment.Samples.Of(baseline, followUp, CoarsePoints);
        var middle = SkullAlignment.Samples.Of(baseline, followUp, MiddlePoints);
        var fine = SkullAlignment.Samples.Of(baseline, followUp, FinePoints);

        RigidMotion[] starts = [.. RegistrationStarts.Of(baseline, followUp, TiltDegrees)];
        var approached = new (RigidMotion Motion, double Score)[starts.Length];
        Parallel.For(0, starts.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var motion = alignment.Approach(starts[i], coarse, 18);
            approached[i] = (motion, Agreement(alignment, motion, coarse));
        });
        var (best, _) = approached.OrderByDescending(a => a.Score).Take(Finalists)
            .Select(a => alignment.Settle(alignment.Approach(a.Motion, middle, 8), middle))
            .Select(motion => (Motion: motion, Score: Agreement(alignment, motion, middle)))
            .MaxBy(a => a.Score);
        cancellation.ThrowIfCancellationRequested();
        best = alignment.Settle(best, fine);
        return Judge(alignment, best, fine, middle);
    }

    /// <summary>Both ways the share of points that find their counterpart, the less the nearer it is missed.</summary>
    private static double Agreement(SkullAlignment alignment, RigidMotion motion, SkullAlignment.Samples samples)
    {
        var (baseline, followUp) = alignment.ResidualsMm(motion, samples, CounterpartMm);
        double Of(double[] residuals, int count) => residuals.Sum(r => Math.Max(0, 1 - (r / CounterpartMm))) / Math.Max(1, count);
        return Of(baseline, samples.Baseline.Count) + Of(followUp, samples.FollowUp.Count);
    }

    private static SkullRegistration Judge(SkullAlignment alignment, RigidMotion motion, SkullAlignment.Samples fine, SkullAlignment.Samples middle)
    {
        var (baseline, followUp) = alignment.ResidualsMm(motion, fine, CounterpartMm);
        var rms = Math.Sqrt(baseline.Concat(followUp).Select(r => r * r).DefaultIfEmpty(0).Average());
        var overlap = Math.Min(baseline.Length / (double)fine.Baseline.Count, followUp.Length / (double)fine.FollowUp.Count);
        var sd = RegistrationJackknife.SdMm(alignment, motion, middle);
        var reason = overlap < LeastOverlapShare ? Say($"Only {100 * overlap:F0} % of the skull of one scan is found in the other; {100 * LeastOverlapShare:F0} % are needed.")
            : rms > MostRmsMm ? Say($"The surfaces of the skull lie {rms:F1} mm apart; they are not those of one rigid skull.")
            : sd > MostSdMm ? Say($"The skull that both scans show determines their position only to {sd:F1} mm.")
            : null;
        return new(motion, rms, overlap, sd, reason);
    }

    private static string Say(FormattableString sentence) => FormattableString.Invariant(sentence);
}
