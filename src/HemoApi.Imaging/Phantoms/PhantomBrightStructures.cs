using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>What is bright inside the skull without being a hemorrhage: venous sinuses along the inner table, calcified choroid plexus and
/// basal ganglia, vessels, deep grey matter, metal. Drawn for every head, so that no network learns brightness alone.</summary>
internal static class PhantomBrightStructures
{
    public static IEnumerable<PhantomStructure> Draw(PhantomRandom random, Ellipsoid inner, double cortexHu) =>
    [
        .. DeepGreyMatter(random, cortexHu),
        .. BasalGangliaCalcifications(random),
        .. ChoroidPlexus(random),
        .. VenousSinuses(random, inner),
        .. Vessels(random, inner),
        .. Metal(random, inner),
    ];

    private static IEnumerable<PhantomStructure> DeepGreyMatter(PhantomRandom random, double cortexHu)
    {
        var (x, y, z) = (random.Uniform(15, 21), random.Uniform(-6, 6), random.Uniform(-3, 6));
        var size = random.Uniform(0.7, 1.2);
        var blend = random.Uniform(0.4, 1);
        foreach (var side in (double[])[-1, 1])
        {
            yield return new(new Ellipsoid(new(side * x, y - 6, z), new(7 * size, 14 * size, 9 * size), side * 20), cortexHu, 2, true, blend);
            yield return new(new Ellipsoid(new(side * (x - 8), y + 10, z), new(6 * size, 10 * size, 8 * size), side * -20), cortexHu, 2, true, blend);
        }
    }

    private static IEnumerable<PhantomStructure> BasalGangliaCalcifications(PhantomRandom random)
    {
        if (!random.Chance(0.2))
        {
            yield break;
        }

        var hu = random.Uniform(55, 140);
        foreach (var side in (double[])[-1, 1])
        {
            var r = random.Uniform(2, 5);
            yield return new(
                new Ellipsoid(new(side * random.Uniform(15, 21), random.Uniform(-6, 4), random.Uniform(-2, 6)), new(r * 0.7, r * 1.3, r), side * 20),
                hu, 2.5, true, random.Uniform(0.4, 1));
        }
    }

    private static IEnumerable<PhantomStructure> ChoroidPlexus(PhantomRandom random)
    {
        foreach (var side in (double[])[-1, 1])
        {
            var r = random.Uniform(1.5, 4);
            if (random.Chance(0.5))
            {
                yield return new(
                    new Ellipsoid(new(side * random.Uniform(20, 26), random.Uniform(18, 30), random.Uniform(-4, 6)), new(r, r * random.Uniform(1, 2), r)),
                    random.Uniform(45, 260), 1.5, true, random.Uniform(0.4, 1));
            }
        }
    }

    /// <summary>Strings of blood-filled beads: the superior sagittal sinus in the midline, the transverse ones at the tentorium.</summary>
    private static IEnumerable<PhantomStructure> VenousSinuses(PhantomRandom random, Ellipsoid inner)
    {
        var hu = random.Uniform(44, 72);
        var radius = random.Uniform(2, 5);
        var blend = random.Uniform(0.4, 1);
        for (var angle = -20.0; angle <= 190; angle += 6)
        {
            var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
            yield return Bead(new(0, cos, sin), radius * (0.7 + (0.3 * cos)));
        }

        var level = random.Uniform(-0.45, -0.25);
        var ring = Math.Sqrt(1 - (level * level));
        var dominant = random.Uniform(-0.5, 0.5);
        for (var angle = 15.0; angle <= 75; angle += 4)
        {
            var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
            yield return Bead(new(sin * ring, cos * ring, level), radius * (1 + dominant));
            yield return Bead(new(-sin * ring, cos * ring, level), radius * (1 - dominant));
        }

        PhantomStructure Bead(Vector3D direction, double r)
        {
            var reach = 1 - (0.6 * r / inner.RadiiMm.Y);
            var centre = new Vector3D(direction.X * inner.RadiiMm.X * reach, direction.Y * inner.RadiiMm.Y * reach, direction.Z * inner.RadiiMm.Z * reach);
            return new(new Ellipsoid(centre, new(r, r, r)), hu, 1, true, blend);
        }
    }

    private static IEnumerable<PhantomStructure> Vessels(PhantomRandom random, Ellipsoid inner)
    {
        var hu = random.Uniform(42, 70);
        var level = -inner.RadiiMm.Z * random.Uniform(0.3, 0.45);
        yield return new(new Ellipsoid(new(random.Uniform(-3, 3), random.Uniform(-8, 4), level), new(2, 2, 9)), hu, 1, true);
        foreach (var side in (double[])[-1, 1])
        {
            yield return new(new Ellipsoid(new(side * 22, random.Uniform(-16, -8), level + random.Uniform(0, 6)), new(16, 1.6, 1.8), side * random.Uniform(-30, 10)), hu, 1, true);
        }
    }

    private static IEnumerable<PhantomStructure> Metal(PhantomRandom random, Ellipsoid inner)
    {
        if (random.Chance(0.04))
        {
            var d = random.Direction();
            var r = random.LogUniform(0.8, 4);
            var reach = random.Uniform(0.2, 1);
            yield return new(
                new Ellipsoid(new(d.X * inner.RadiiMm.X * reach, d.Y * inner.RadiiMm.Y * reach, Math.Abs(d.Z) * inner.RadiiMm.Z * reach), new(r, r * random.Uniform(0.4, 2), r)),
                random.Uniform(1500, 3000));
        }
    }
}
