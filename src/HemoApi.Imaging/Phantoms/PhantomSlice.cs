using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>One square slice of a phantom of its own, for training: head, scanner, level, tilt and thickness all follow the seed.</summary>
/// <param name="Hu">size × size, rows to posterior, columns to the patient's left.</param>
/// <param name="Labels">size × size.</param>
public sealed record PhantomSlice(float[] Hu, byte[] Labels)
{
    /// <summary>Share of heads without hemorrhage, cut where the transverse sinuses lie against the skull and look most like extra-axial blood.</summary>
    private const double AimAtSinuses = 0.2;

    /// <summary>Share of the other slices that cut a lesion on purpose; the rest lie anywhere in the head.</summary>
    private const double AimAtLesion = 0.7;

    /// <summary>Share of heads without extra-axial blood, and of slices aimed at other blood beside it, that are drawn again: telling
    /// extradural from subdural takes many more examples than finding intracerebral blood.</summary>
    private const double PreferExtraAxial = 0.65;

    /// <summary>Share of heads whose hemorrhages are at the limit of what a reader sees.</summary>
    private const double Subtle = 0.3;

    /// <summary>Share of heads that are not made of ellipsoids any more.</summary>
    private const double Warped = 0.5;

    /// <summary>Slices that show less of the cranial cavity than this are mostly drawn again.</summary>
    private const double EnoughOfTheHead = 0.15;

    public static PhantomSlice Draw(ulong seed, int size, double spacingMm)
    {
        var random = new PhantomRandom(seed ^ 0x5EEDF00D5EEDF00DUL);
        var subtle = random.Chance(Subtle);
        var clean = random.Chance(AimAtSinuses);
        var head = PhantomFactory.Create(seed, clean ? [] : null, subtle);
        for (var again = 1UL; !clean && !head.Lesions.Any(IsExtraAxial) && random.Chance(PreferExtraAxial); again++)
        {
            head = PhantomFactory.Create(seed ^ (again << 48), null, subtle);
        }

        var scanner = ScannerSettings.Draw(random);
        var geometry = DrawPlane();
        while (ShareOfCavity(head, geometry) < EnoughOfTheHead && random.Chance(0.8))
        {
            geometry = DrawPlane();
        }

        var slice = new PhantomSlice(new float[size * size], new byte[size * size]);
        var warp = random.Chance(Warped) ? new PhantomWarp(random) : null;
        PhantomRenderer.RenderSlice(head, scanner, geometry, 0, slice.Hu, slice.Labels, warp);
        return slice;

        VolumeGeometry DrawPlane() => PhantomSlice.DrawPlane(head, clean ? AtSinuses(head, random) : Target(head, random), random, size, spacingMm);
    }

    private static VolumeGeometry DrawPlane(HeadPhantom head, Vector3D target, PhantomRandom random, int size, double spacingMm)
    {
        var thickness = random.Chance(0.6) ? 5 : random.Uniform(2.5, 6);
        var tilt = random.Chance(0.4) ? random.Uniform(-22, 22) * Math.PI / 180 : 0;
        var aim = head.Pose.ToLpsMm(target);
        var half = size / 2.0 * spacingMm;
        var room = Math.Max(0, 125 - half);
        var headCentre = head.Pose.OffsetLpsMm;
        var centreX = Math.Clamp(aim.X + (random.Uniform(-half, half) * 0.35), headCentre.X - room, headCentre.X + room);
        var centreY = Math.Clamp(aim.Y + (random.Uniform(-half, half) * 0.35), headCentre.Y - room, headCentre.Y + room);
        var across = new Vector3D(1, 0, 0);
        var down = new Vector3D(0, Math.Cos(tilt), Math.Sin(tilt));

        // The plane goes through the aim, whatever the tilt; the field lies around the centre.
        var middle = new Vector3D(centreX, aim.Y, aim.Z) + (down * (centreY - aim.Y));
        return new(size, size, across, down, spacingMm, spacingMm, [new(middle - (across * half) - (down * half), thickness)]);
    }

    private static double ShareOfCavity(HeadPhantom head, VolumeGeometry geometry)
    {
        const int Samples = 10;
        var inside = 0;
        for (var i = 0; i < Samples * Samples; i++)
        {
            var column = ((i % Samples) + 0.5) / Samples * geometry.Columns;
            var row = ((i / Samples) + 0.5) / Samples * geometry.Rows;
            inside += head.InnerTable.NormalisedRadius(head.Pose.ToHead(geometry.ToLpsMm(column, row, 0))) < 1 ? 1 : 0;
        }

        return inside / (double)(Samples * Samples);
    }

    private static Vector3D Target(HeadPhantom head, PhantomRandom random)
    {
        var radii = head.InnerTable.RadiiMm;
        var wanted = head.Lesions.Count > 0 && random.Chance(AimAtLesion) ? Aim(head, random) : null;
        while (true)
        {
            var u = new Vector3D(random.Uniform(-1, 1), random.Uniform(-1, 1), random.Uniform(-1, 1.1));
            var point = new Vector3D(u.X * radii.X, u.Y * radii.Y, u.Z * radii.Z);
            if (wanted is null || wanted.SignedDistanceMm(point) < 0)
            {
                return point;
            }
        }
    }

    /// <summary>In the back of the head, at the level of the tentorium's edge.</summary>
    private static Vector3D AtSinuses(HeadPhantom head, PhantomRandom random)
    {
        var radii = head.InnerTable.RadiiMm;
        return new(random.Uniform(-1, 1) * radii.X, random.Uniform(0.2, 1) * radii.Y, random.Uniform(-0.5, -0.2) * radii.Z);
    }

    private static PhantomLesion Aim(HeadPhantom head, PhantomRandom random)
    {
        PhantomLesion[] extraAxial = [.. head.Lesions.Where(IsExtraAxial)];
        var candidates = extraAxial.Length > 0 && random.Chance(PreferExtraAxial) ? extraAxial : head.Lesions;
        return candidates[random.Integer(0, candidates.Count)];
    }

    private static bool IsExtraAxial(PhantomLesion lesion) => lesion.Type is HemorrhageType.Edh or HemorrhageType.Sdh;
}
