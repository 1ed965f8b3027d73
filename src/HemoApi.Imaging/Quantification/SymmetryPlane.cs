using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Quantification;

/// <summary>The plane between the left and the right half of a head, found from its own skull and not from how it lies in the scanner.</summary>
/// <param name="PointLpsMm">A point of the plane.</param>
/// <param name="NormalLps">Unit normal, towards the patient's left.</param>
/// <param name="Agreement">How much of the skull finds its mirror image, 0 to 1; 1 for a skull that is its own mirror image.</param>
/// <param name="SdMm">Standard deviation of the plane's place among those that parts of the skull (front and back, at four heights) give
/// by themselves.</param>
public sealed record SymmetryPlane(Vector3D PointLpsMm, Vector3D NormalLps, double Agreement, double SdMm)
{
    /// <summary>Below this the two halves are no mirror images: too little skull in the scan, or no head.</summary>
    public const double LowestAgreement = 0.5;

    /// <summary>Distance to the plane, mm; positive on the patient's left.</summary>
    public double DistanceMm(Vector3D lpsMm) => (lpsMm - PointLpsMm).Dot(NormalLps);

    /// <returns>Null where the skull in the scan shows no symmetry.</returns>
    public static SymmetryPlane? Find(CtVolume image) => Find(new SkullPoints(image));

    internal static SymmetryPlane? Find(SkullPoints skull)
    {
        if (skull.Count < SkullPoints.FewestPoints)
        {
            return null;
        }

        var best = Refine(skull, Coarse(skull));
        var agreement = skull.MirrorAgreement(best.Plane(skull), SkullPoints.All);
        if (agreement < LowestAgreement)
        {
            return null;
        }

        var (point, normal) = best.Plane(skull);
        return new(point, normal, Math.Min(1, agreement), SpreadMm(skull, best));
    }

    private static Pose Coarse(SkullPoints skull)
    {
        var (best, agreement) = (default(Pose), -1.0);
        for (var yaw = -40; yaw <= 40; yaw += 10)
        {
            for (var roll = -20; roll <= 20; roll += 10)
            {
                for (var shift = -6; shift <= 6; shift += 6)
                {
                    var pose = new Pose(yaw, roll, shift);
                    var found = skull.MirrorAgreement(pose.Plane(skull), SkullPoints.Few);
                    if (found > agreement)
                    {
                        (best, agreement) = (pose, found);
                    }
                }
            }
        }

        return best;
    }

    /// <summary>Climbs along one coordinate after the other in ever smaller steps.</summary>
    private static Pose Refine(SkullPoints skull, Pose pose)
    {
        var agreement = skull.MirrorAgreement(pose.Plane(skull), SkullPoints.All);
        for (var step = 5.0; step >= 0.3; step /= 2)
        {
            for (var climbed = true; climbed;)
            {
                climbed = false;
                foreach (var next in pose.Neighbours(step))
                {
                    var found = skull.MirrorAgreement(next.Plane(skull), SkullPoints.All);
                    if (found > agreement)
                    {
                        (pose, agreement, climbed) = (next, found, true);
                    }
                }
            }
        }

        return pose;
    }

    private static double SpreadMm(SkullPoints skull, Pose pose)
    {
        const double ReachMm = 8;
        const double ShiftMm = 0.5;
        const double CellErrorMm = 1;
        var shifts = new List<double>();
        for (var part = 0; part < SkullPoints.PartCount; part++)
        {
            var candidates = Enumerable.Range(0, (int)(2 * ReachMm / ShiftMm) + 1).Select(i => (i * ShiftMm) - ReachMm)
                .Select(shift => (Shift: shift, Agreement: skull.MirrorAgreement((pose with { ShiftMm = pose.ShiftMm + shift }).Plane(skull), part)))
                .ToList();
            if (candidates.Exists(c => c.Agreement > 0))
            {
                shifts.Add(candidates.MaxBy(c => c.Agreement).Shift);
            }
        }

        // The cells in which the skull is seen are an error of their own.
        return Math.Sqrt((shifts.Sum(s => s * s) / Math.Max(1, shifts.Count)) + (CellErrorMm * CellErrorMm));
    }

    /// <param name="YawDegrees">About the axis to superior.</param>
    /// <param name="RollDegrees">About the axis to posterior.</param>
    /// <param name="ShiftMm">Along the normal, from the middle of the skull's points.</param>
    private readonly record struct Pose(double YawDegrees, double RollDegrees, double ShiftMm)
    {
        public (Vector3D Point, Vector3D Normal) Plane(SkullPoints skull)
        {
            var (sinYaw, cosYaw) = Math.SinCos(YawDegrees * Math.PI / 180);
            var (sinRoll, cosRoll) = Math.SinCos(RollDegrees * Math.PI / 180);
            var normal = new Vector3D(cosYaw * cosRoll, sinYaw * cosRoll, -sinRoll);
            return (skull.MiddleLpsMm + (normal * ShiftMm), normal);
        }

        public IEnumerable<Pose> Neighbours(double step)
        {
            foreach (var signed in (double[])[-step, step])
            {
                yield return this with { ShiftMm = ShiftMm + signed };
                yield return this with { YawDegrees = YawDegrees + signed };
                yield return this with { RollDegrees = RollDegrees + signed };
            }
        }
    }
}
