using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Registration;

/// <summary>How well the skull in the scans determines a motion, from the motions that it gives with one octant after the other left out: the errors of
/// neighbouring points go together, so their number says nothing.</summary>
internal static class RegistrationJackknife
{
    private const int Octants = 8;

    /// <returns>Standard error of the place of a point of the skull, root mean square over its points, mm (delete-a-group jackknife).</returns>
    public static double SdMm(SkullAlignment alignment, RigidMotion motion, SkullAlignment.Samples samples)
    {
        var back = motion.Inverse();
        var shifts = new double[Octants];
        Parallel.For(0, Octants, octant =>
        {
            var rest = new SkullAlignment.Samples(
                [.. samples.Baseline.Where(p => OctantOf(p.LpsMm) != octant)],
                [.. samples.FollowUp.Where(p => OctantOf(motion.Apply(p.LpsMm)) != octant)]);
            var change = alignment.Settle(motion, rest, mostSteps: 12).After(back);
            shifts[octant] = samples.Baseline.Average(p => Squared(change.Apply(p.LpsMm) - p.LpsMm));
        });
        return Math.Sqrt(shifts.Sum() * (Octants - 1) / Octants);

        int OctantOf(Vector3D p) =>
            (p.X > alignment.MiddleLpsMm.X ? 1 : 0) + (p.Y > alignment.MiddleLpsMm.Y ? 2 : 0) + (p.Z > alignment.MiddleLpsMm.Z ? 4 : 0);
    }

    private static double Squared(Vector3D v) => v.Dot(v);
}
