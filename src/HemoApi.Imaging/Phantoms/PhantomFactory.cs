using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Phantoms;

/// <summary>Draws heads from a seed: the same seed and types give the same head, always.</summary>
public static class PhantomFactory
{
    private const int PlacementAttempts = 200;

    // What a reader can outline: blood closer to the cortex than this is isodense, and no one could say what its volume is.
    private const double LeastContrastHu = 12;

    /// <param name="types">Exactly these hemorrhages; null draws none to three at random, fewer where they don't fit.</param>
    /// <param name="subtle">Thin, small or faint hemorrhages, at the limit of what a reader sees.</param>
    /// <exception cref="ArgumentException">The hemorrhages asked for don't fit into the head of this seed.</exception>
    public static HeadPhantom Create(ulong seed, IReadOnlyList<HemorrhageType>? types = null, bool subtle = false)
    {
        var random = new PhantomRandom(seed);
        var inner = new Ellipsoid(default, new(random.Uniform(62, 74), random.Uniform(78, 92), random.Uniform(62, 74)));
        var skullMm = random.Uniform(4, 9);
        var outer = new Ellipsoid(
            new(0, random.Uniform(-1.5, 1.5), 0),
            inner.RadiiMm + new Vector3D(skullMm * random.Uniform(0.75, 1), skullMm * random.Uniform(1, 1.3), skullMm));
        var scalpMm = random.Uniform(3, 8);
        var scalp = new Ellipsoid(outer.CentreMm, outer.RadiiMm + new Vector3D(scalpMm, scalpMm, scalpMm));
        var csfMm = random.LogUniform(0.6, 4.5);
        var brain = new Ellipsoid(default, inner.RadiiMm - new Vector3D(csfMm, csfMm, csfMm));
        var cortexMm = random.Uniform(5, 12);
        var white = new Ellipsoid(default, brain.RadiiMm - new Vector3D(cortexMm, cortexMm, cortexMm));
        var lesions = PlaceLesions(random, inner, types ?? DrawTypes(random), subtle);
        if (types is not null && lesions.Count != types.Count)
        {
            throw new ArgumentException("these hemorrhages do not fit into one head", nameof(types));
        }

        var tissue = new TissueHu(
            random.Uniform(-70, 45),
            random.Uniform(900, 1700),
            random.Uniform(250, 900),
            random.Uniform(2, 13),
            random.Uniform(33, 42),
            random.Uniform(24, 31),
            random.Uniform(45, 75));
        lesions = [.. lesions.Select(l => l.AtLeast(tissue.Cortex + LeastContrastHu))];
        return new HeadPhantom
        {
            Seed = seed,
            InnerTable = inner,
            OuterTable = outer,
            Scalp = scalp,
            BrainSurface = brain,
            WhiteMatter = white,
            Sulci = new(random),
            Tissue = tissue,
            Structures = [.. PhantomBrightStructures.Draw(random, inner, tissue.Cortex), .. PhantomAnatomy.Draw(random, inner, outer), .. Oedema(random, lesions)],
            Lesions = lesions,
            Pose = new(
                random.Uniform(-10, 10),
                random.Uniform(-8, 8),
                random.Uniform(-6, 6),
                new(random.Uniform(-10, 10), random.Uniform(-12, 12), random.Uniform(-4, 4))),
            FalxHalfThicknessMm = random.Chance(0.8) ? random.Uniform(0.3, 1.2) : 0,
        };
    }

    private static HemorrhageType[] DrawTypes(PhantomRandom random)
    {
        var roll = random.NextDouble();
        var count = roll < 0.15 ? 0 : roll < 0.55 ? 1 : roll < 0.85 ? 2 : 3;
        return [.. Enumerable.Range(0, count).Select(_ => (HemorrhageType)random.Integer(1, 4))];
    }

    private static List<PhantomLesion> PlaceLesions(PhantomRandom random, Ellipsoid inner, IReadOnlyList<HemorrhageType> types, bool subtle)
    {
        var placed = new List<PhantomLesion>();

        // The large, wall-bound ones first: they have the fewest places to go.
        foreach (var type in types.OrderByDescending(t => t))
        {
            for (var attempt = 0; attempt < PlacementAttempts; attempt++)
            {
                var lesion = DrawLesion(random, inner, type, subtle);
                if (lesion is not null && placed.TrueForAll(other => AreApart(lesion, other, inner)))
                {
                    placed.Add(lesion);
                    break;
                }
            }
        }

        return placed;
    }

    private static PhantomLesion? DrawLesion(PhantomRandom random, Ellipsoid inner, HemorrhageType type, bool subtle)
    {
        var direction = DrawVaultDirection(random);
        var radius = (inner.RadiiMm.X + inner.RadiiMm.Y + inner.RadiiMm.Z) / 3;
        double Hu(double faintest, double brightest) => random.Uniform(subtle ? 44 : faintest, subtle ? 64 : brightest);
        switch (type)
        {
            case HemorrhageType.Edh:
                var lensAngle = random.Uniform(15, 34);
                var sagitta = 1 - Math.Cos(lensAngle * Math.PI / 180);
                var lensThickness = sagitta + (random.Uniform(subtle ? 2 : 4, subtle ? 6 : 16) / radius);
                return PhantomLesion.Extradural(inner, direction, lensThickness, lensAngle, Hu(50, 85));
            case HemorrhageType.Sdh:
                var crescentAngle = random.Uniform(40, 75);
                var crescentThickness = Math.Min(random.Uniform(subtle ? 2.5 : 4.5, subtle ? 6 : 13) / radius, (1 - Math.Cos(crescentAngle * Math.PI / 180)) * 0.75);
                return PhantomLesion.Subdural(inner, direction, crescentThickness, crescentAngle, Hu(48, 82));
            default:
                var size = random.LogUniform(subtle ? 3.5 : 5, subtle ? 9 : 24);
                var radii = new Vector3D(size * random.Uniform(0.7, 1.2), size * random.Uniform(0.8, 1.5), size * random.Uniform(0.7, 1.2));
                var depth = random.Uniform(0.1, 0.85);
                var direction2 = random.Direction(-0.5, 0.9);
                var centre = new Vector3D(
                    direction2.X * inner.RadiiMm.X * depth, direction2.Y * inner.RadiiMm.Y * depth, direction2.Z * inner.RadiiMm.Z * depth);
                var body = new Ellipsoid(centre, radii, random.Uniform(-90, 90), random.Uniform(-25, 25));
                return Directions(64).All(d => inner.NormalisedRadius(body.SurfacePointMm(d)) < 0.96)
                    ? PhantomLesion.Intracerebral(body, Hu(50, 85))
                    : null;
        }
    }

    /// <summary>Two lesions are apart if no sample inside one is within 3 mm of the other.</summary>
    private static bool AreApart(PhantomLesion a, PhantomLesion b, Ellipsoid inner)
    {
        var r = inner.RadiiMm;
        for (var z = -r.Z; z <= r.Z; z += 3)
        {
            for (var y = -r.Y; y <= r.Y; y += 3)
            {
                for (var x = -r.X; x <= r.X; x += 3)
                {
                    var point = new Vector3D(x, y, z);
                    if (a.SignedDistanceMm(point) < 2 && b.SignedDistanceMm(point) < 2)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private static IEnumerable<PhantomStructure> Oedema(PhantomRandom random, IEnumerable<PhantomLesion> lesions) =>
        from lesion in lesions
        where lesion.Type == HemorrhageType.Ich && random.Chance(0.6)
        let rimMm = random.Uniform(2, 8)
        select new PhantomStructure(
            new Ellipsoid(lesion.Body.CentreMm, lesion.Body.RadiiMm + new Vector3D(rimMm, rimMm, rimMm)),
            random.Uniform(14, 24),
            random.Uniform(2, 5),
            InsideCavityOnly: true,
            Blend: 0.8);

    /// <summary>Over the convexity, mostly to the sides: lenses and crescents of the vault, cut by many slices.</summary>
    private static Vector3D DrawVaultDirection(PhantomRandom random)
    {
        var azimuth = random.Uniform(0, 2 * Math.PI);
        var elevation = random.Uniform(-20, 45) * Math.PI / 180;
        return new(Math.Cos(azimuth) * Math.Cos(elevation), Math.Sin(azimuth) * Math.Cos(elevation), Math.Sin(elevation));
    }

    /// <summary>Evenly spread directions on the sphere (Fibonacci lattice).</summary>
    private static IEnumerable<Vector3D> Directions(int count) => Enumerable.Range(0, count).Select(i =>
    {
        var z = 1 - (((2 * i) + 1.0) / count);
        var ring = Math.Sqrt(1 - (z * z));
        var angle = i * Math.PI * (3 - Math.Sqrt(5));
        return new Vector3D(ring * Math.Cos(angle), ring * Math.Sin(angle), z);
    });
}
