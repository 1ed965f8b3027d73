using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>What a head shows besides brain, skull and blood; much of it is bright or dark where a network could mistake it.</summary>
internal static class PhantomAnatomy
{
    private const double AirHu = -1000;

    public static IEnumerable<PhantomStructure> Draw(PhantomRandom random, Ellipsoid inner, Ellipsoid outer) =>
    [
        .. Ventricles(random, inner),
        .. OldInfarcts(random, inner),
        .. Tentorium(random, inner),
        .. SkullBase(random, inner, outer),
        .. Face(random, outer),
        .. Calcifications(random, inner),
        .. ScalpSwelling(random, outer),
        HeadHolder(random, outer),
    ];

    private static IEnumerable<PhantomStructure> Ventricles(PhantomRandom random, Ellipsoid inner)
    {
        var csf = random.Uniform(2, 12);
        var size = random.LogUniform(0.6, 1.9);
        foreach (var side in (double[])[-1, 1])
        {
            yield return Csf(new(side * random.Uniform(9, 13) * size, random.Uniform(-8, 4), inner.RadiiMm.Z * random.Uniform(0.05, 0.2)), new(6 * size, 27 * Math.Sqrt(size), 9 * size), side * random.Uniform(-22, -8));
            yield return Csf(new(side * random.Uniform(20, 26), random.Uniform(18, 30), random.Uniform(-4, 6)), new(6 * size, 12 * size, 9 * size), side * random.Uniform(5, 30));
        }

        yield return Csf(new(0, random.Uniform(-6, 4), random.Uniform(-12, -4)), new(1.5 * size, 12, 8), 0);
        yield return Csf(new(0, inner.RadiiMm.Y * 0.45, -inner.RadiiMm.Z * 0.5), new(7 * size, 5 * size, 8), 0);
        yield return Csf(new(0, random.Uniform(-20, -10), -inner.RadiiMm.Z * random.Uniform(0.4, 0.5)), new(12, 10, 6), 0);

        PhantomStructure Csf(Vector3D centre, Vector3D radii, double rotation) => new(new Ellipsoid(centre, radii, rotation), csf, 1, true);
    }

    private static IEnumerable<PhantomStructure> OldInfarcts(PhantomRandom random, Ellipsoid inner)
    {
        if (random.Chance(0.3))
        {
            var r = random.Uniform(8, 26);
            yield return new(
                new Ellipsoid(InsideBrain(random, inner, 0.85), new(r, r * random.Uniform(0.7, 1.6), r * random.Uniform(0.6, 1.2)), random.Uniform(-90, 90)),
                random.Uniform(8, 24), random.Uniform(2, 6), true, random.Uniform(0.5, 0.95));
        }
    }

    /// <summary>A tent: each half slopes down from the midline to the side and, turned a little, to the back, so that an axial slice cuts
    /// two oblique bands out of it and not a plate against the skull.</summary>
    private static IEnumerable<PhantomStructure> Tentorium(PhantomRandom random, Ellipsoid inner)
    {
        if (random.Chance(0.7))
        {
            var hu = random.Uniform(42, 65);
            foreach (var side in (double[])[-1, 1])
            {
                var halfThicknessMm = random.Uniform(0.6, 1.4);
                var slopeDegrees = 15 - random.Uniform(-35, -10);
                var blend = random.Uniform(0.4, 0.9);
                yield return new(
                    new Ellipsoid(new(side * 22, inner.RadiiMm.Y * 0.5, -inner.RadiiMm.Z * 0.25), new(30, 26, halfThicknessMm), 90 - (side * 20), side * slopeDegrees),
                    hu, 1, true, blend);
            }
        }
    }

    private static IEnumerable<PhantomStructure> SkullBase(PhantomRandom random, Ellipsoid inner, Ellipsoid outer)
    {
        var level = -inner.RadiiMm.Z * random.Uniform(0.55, 0.7);
        var bone = random.Uniform(600, 1500);
        foreach (var side in (double[])[-1, 1])
        {
            var petrous = new Vector3D(side * inner.RadiiMm.X * 0.6, inner.RadiiMm.Y * random.Uniform(0.05, 0.2), level);
            yield return new(new Ellipsoid(petrous, new(24, random.Uniform(6, 9), random.Uniform(7, 11)), side * random.Uniform(-40, -25)), bone);
            yield return new(new Ellipsoid(petrous + new Vector3D(side * 14, 8, -2), new(8, 7, 9)), random.Uniform(AirHu, -300), 2);
        }

        yield return new(new Ellipsoid(new(0, -inner.RadiiMm.Y * 0.15, level - 6), new(14, 18, 9)), bone * 0.7);
        if (random.Chance(0.6))
        {
            yield return new(new Ellipsoid(new(random.Uniform(-6, 6), -(inner.RadiiMm.Y + outer.RadiiMm.Y) / 2, -inner.RadiiMm.Z * 0.3), new(random.Uniform(8, 20), 2.5, random.Uniform(5, 14))), AirHu);
        }
    }

    private static IEnumerable<PhantomStructure> Face(PhantomRandom random, Ellipsoid outer)
    {
        var level = -outer.RadiiMm.Z * random.Uniform(0.6, 0.75);
        foreach (var side in (double[])[-1, 1])
        {
            var orbit = new Vector3D(side * 32, -outer.RadiiMm.Y * 0.8, level);
            yield return new(new Ellipsoid(orbit, new(17, 20, 16)), random.Uniform(-100, -60), 2);
            yield return new(new Ellipsoid(orbit + new Vector3D(0, -6, 0), new(12, 12, 12)), random.Uniform(8, 22));
        }

        yield return new(new Ellipsoid(new(0, -outer.RadiiMm.Y * 0.75, level), new(11, 20, 14)), random.Uniform(AirHu, -400), 3);
    }

    private static IEnumerable<PhantomStructure> Calcifications(PhantomRandom random, Ellipsoid inner)
    {
        if (random.Chance(0.6))
        {
            yield return new(new Ellipsoid(new(random.Uniform(-1, 1), random.Uniform(10, 18), random.Uniform(-4, 4)), new(2.5, 2.5, 3)), random.Uniform(90, 300), 1, true);
        }

        for (var i = random.Integer(-1, 4); i > 0; i--)
        {
            var r = random.LogUniform(0.8, 3.5);
            yield return new(new Ellipsoid(InsideBrain(random, inner, 0.9), new(r, r * random.Uniform(0.7, 1.5), r)), random.Uniform(110, 400), 1, true);
        }
    }

    private static IEnumerable<PhantomStructure> ScalpSwelling(PhantomRandom random, Ellipsoid outer)
    {
        if (random.Chance(0.4))
        {
            var azimuth = random.Uniform(0, 2 * Math.PI);
            var (sin, cos) = Math.SinCos(azimuth);
            var surface = outer.CentreMm + new Vector3D(cos * (outer.RadiiMm.X + 5), sin * (outer.RadiiMm.Y + 5), outer.RadiiMm.Z * random.Uniform(-0.3, 0.4));

            // Flat against the skull: its short axis points outwards. Wholly outside of the outer table but for its inner edge.
            yield return new(new Ellipsoid(surface, new(random.Uniform(3, 6), random.Uniform(15, 30), random.Uniform(12, 25)), azimuth * 180 / Math.PI), random.Uniform(25, 75), 1.5);
        }
    }

    private static PhantomStructure HeadHolder(PhantomRandom random, Ellipsoid outer) =>
        new(new Ellipsoid(new(0, outer.RadiiMm.Y + random.Uniform(22, 30), 0), new(random.Uniform(60, 100), random.Uniform(3, 7), 400)), random.Uniform(-850, 100), 1);

    private static Vector3D InsideBrain(PhantomRandom random, Ellipsoid inner, double reach)
    {
        while (true)
        {
            var u = new Vector3D(random.Uniform(-1, 1), random.Uniform(-1, 1), random.Uniform(-0.6, 1));
            if (u.Length < reach)
            {
                return new(u.X * inner.RadiiMm.X, u.Y * inner.RadiiMm.Y, u.Z * inner.RadiiMm.Z);
            }
        }
    }
}
