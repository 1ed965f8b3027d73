using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>Draws patients from heads without hemorrhage: pose, size, contrast, and what is in them.</summary>
internal static class SceneFactory
{
    /// <summary>Slices thicker than this may not be cut at another angle: what lies between them was never seen.</summary>
    private const double ThinMm = 2.5;

    /// <summary>Blood nearer to the cortex's density than this is isodense, and no one could say where it ends.</summary>
    private const double LeastContrastHu = 10;

    /// <summary>Most acute blood is near this.</summary>
    private const double AcuteHu = 64;

    private const double FloorSlope = 0.45;

    /// <param name="types">Exactly these hemorrhages; null draws none to three.</param>
    public static HeadScene Draw(PhantomRandom random, HeadField head, SceneRanges ranges, IReadOnlyList<HemorrhageType>? types = null)
    {
        var contrast = new TissueContrast(random);
        var pitch = head.NativeThicknessMm <= ThinMm ? random.Uniform(-24, 24) : random.Uniform(-6, 6);
        var size = random.Uniform(ranges.Smallest, ranges.Largest);
        var thicker = random.Chance(ranges.ThickerShare);
        var upsideDown = ranges.UpsideDownShare > 0 && random.Chance(ranges.UpsideDownShare);
        return new HeadScene
        {
            Head = head,
            Pose = new(random.Gaussian() * (random.Chance(ranges.TurnedShare) ? 35 : 9), pitch, random.Gaussian() * 4, new(random.Uniform(-12, 12), random.Uniform(-12, 12), 0)),
            Scale = new(
                size * random.Uniform(1 - ranges.Stretch, 1 + ranges.Stretch) * (random.Chance(0.5) ? -1 : 1),
                size * random.Uniform(1 - ranges.Stretch, 1 + ranges.Stretch) * (upsideDown ? -1 : 1),
                size * random.Uniform(0.9, 1.1)),
            Warp = new(random),
            Contrast = contrast,
            Inserts = [.. Lookalikes(random, head), .. Hemorrhages(random, head, contrast, ranges, types ?? DrawTypes(random))],
            Swelling = random.Chance(0.45) ? new(random) : null,
            ThickerTableMm = thicker ? random.Uniform(0.5, ranges.ThickerMm) : 0,
            ThickerTableHu = random.Uniform(500, 1300),
        };
    }

    private static HemorrhageType[] DrawTypes(PhantomRandom random)
    {
        var roll = random.NextDouble();
        var count = roll < 0.22 ? 0 : roll < 0.75 ? 1 : roll < 0.95 ? 2 : 3;
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() switch { < 0.3 => HemorrhageType.Ich, < 0.63 => HemorrhageType.Edh, _ => HemorrhageType.Sdh })];
    }

    private static IEnumerable<HeadInsert> Lookalikes(PhantomRandom random, HeadField head)
    {
        if (random.Chance(0.25))
        {
            yield return new CsfLayer(random, head, random.LogUniform(0.8, 6)) { EdgeMm = 1.5, Density = new(random, random.Uniform(3, 14), 0) };
        }

        if (random.Chance(0.2))
        {
            yield return new IntracerebralBlood(random, Any(random, head.InnerPoints), random.LogUniform(5, 32), 1, random.Integer(0, 2), 0, 0)
            {
                EdgeMm = random.Uniform(2.5, 7), Opacity = random.Uniform(0.4, 0.95), Density = new(random, random.Uniform(10, 25), 1),
            };
        }

        for (var count = random.Chance(0.4) ? random.Integer(1, 5) : 0; count > 0; count--)
        {
            yield return new IntracerebralBlood(random, Any(random, head.InnerPoints), random.LogUniform(0.8, 3.5), 0.7, 0, 0, 0)
            {
                EdgeMm = 0.8, Density = new(random, random.LogUniform(90, 350), 0),
            };
        }

        if (random.Chance(0.5))
        {
            yield return DuralSheet.Falx(random, random.Uniform(0.7, 2.4), new(random, random.Uniform(44, 68), 3), null, random.Uniform(0.4, 1));
        }

        if (random.Chance(0.35))
        {
            yield return DuralSheet.Tentorium(random, random.Uniform(0.7, 2), new(random, random.Uniform(44, 66), 3), null, random.Uniform(0.4, 1));
        }
    }

    private static IEnumerable<HeadInsert> Hemorrhages(PhantomRandom random, HeadField head, TissueContrast contrast, SceneRanges ranges, IEnumerable<HemorrhageType> types) =>
        types.Select(type => type switch
        {
            HemorrhageType.Ich => Intracerebral(random, head, contrast, ranges),
            HemorrhageType.Edh => Extradural(random, head, contrast, ranges),
            _ => Subdural(random, head, contrast, ranges),
        });

    private static HeadInsert Intracerebral(PhantomRandom random, HeadField head, TissueContrast contrast, SceneRanges ranges)
    {
        var density = Blood(random, contrast, ranges, 50, 85);
        var edge = random.Uniform(0.6, 2.2 * ranges.EdgeFactor);
        if (random.Chance(0.18))
        {
            return IntracerebralBlood.Contusion(random, Any(random, head.SurfacePoints, head, random.Uniform(5, 16)), random.LogUniform(5, 20), density, edge);
        }

        if (random.Chance(0.08) && Ventricle(random, head) is { } ventricle)
        {
            return new IntracerebralBlood(random, ventricle, 2, 1, 0, 0, random.LogUniform(8, 60)) { Type = HemorrhageType.Ich, Density = density, EdgeMm = edge, Opacity = random.Uniform(0.7, 1) };
        }

        var radius = random.LogUniform(3, 27);
        return new IntracerebralBlood(
            random, Any(random, head.InnerPoints), radius, random.Uniform(ranges.SmoothestBall, 1.6), random.Integer(0, 3), random.Chance(0.7) ? random.Uniform(0.2, 0.9) : 0,
            random.Chance(0.2) ? radius + random.Uniform(10, 50) : 0)
        {
            Type = HemorrhageType.Ich, Density = density, EdgeMm = edge, Opacity = random.Uniform(0.88, 1),
            RimHu = random.Chance(0.65) ? -random.Uniform(3, 13) : 0, RimMm = random.Uniform(2, 10),
        };
    }

    private static Vector3D? Ventricle(PhantomRandom random, HeadField head)
    {
        for (var attempt = 0; attempt < 500; attempt++)
        {
            var point = Any(random, head.InnerPoints);
            if (head.At(point) is { DepthMm: > 25, SmoothHu: < 13 })
            {
                return point;
            }
        }

        return null;
    }

    private static ExtraduralLens Extradural(PhantomRandom random, HeadField head, TissueContrast contrast, SceneRanges ranges)
    {
        var halfLength = random.LogUniform(9, 50);

        // The chord of a real skull: a long lens that is thinner than the cap over it would be a crescent.
        var thickness = Math.Max(random.LogUniform(2.5, 28), halfLength * halfLength / random.Uniform(70, 125));
        return new(random, head, OnVault(random, head, ranges), thickness, halfLength)
        {
            Type = HemorrhageType.Edh, Density = Blood(random, contrast, ranges, 46, 82), EdgeMm = random.Uniform(0.6, 1.8 * ranges.EdgeFactor), Opacity = random.Uniform(0.88, 1), Rigid = Rigid(random, ranges),
        };
    }

    private static HeadInsert Subdural(PhantomRandom random, HeadField head, TissueContrast contrast, SceneRanges ranges)
    {
        var density = Blood(random, contrast, ranges, 44, 80);
        var roll = random.NextDouble();
        if (roll < 0.15)
        {
            var (thickness, opacity) = (random.LogUniform(2, 6.5), random.Uniform(0.88, 1));
            return roll < 0.11 ? DuralSheet.Falx(random, thickness, density, HemorrhageType.Sdh, opacity) : DuralSheet.Tentorium(random, thickness, density, HemorrhageType.Sdh, opacity);
        }

        return new SubduralCrescent(random, head, OnVault(random, head, ranges, awayFromMidlineMm: 12), random.LogUniform(2.2, 18), random.Uniform(0.35, 1.5), random.Uniform(18, 60))
        {
            Type = HemorrhageType.Sdh, Density = density, EdgeMm = random.Uniform(0.6, 1.8 * ranges.EdgeFactor), Opacity = random.Uniform(0.88, 1), Rigid = Rigid(random, ranges),
        };
    }

    private static bool Rigid(PhantomRandom random, SceneRanges ranges) => ranges.RigidShare > 0 && random.Chance(ranges.RigidShare);

    private static BloodDensity Blood(PhantomRandom random, TissueContrast contrast, SceneRanges ranges, double faintest, double brightest)
    {
        var (any, acute) = (random.Uniform(faintest, brightest), random.Uniform(AcuteHu - 10, AcuteHu + 10));
        var usual = Math.Max(contrast.CortexHu + LeastContrastHu, (any + acute) / 2);
        return new(random, ranges.MostContrastHu is { } most ? contrast.CortexHu + random.LogUniform(LeastContrastHu, most) : usual, random.Uniform(0, ranges.MottleHu));
    }

    private static Vector3D Any(PhantomRandom random, IReadOnlyList<Vector3D> points) => points[random.Integer(0, points.Count)];

    /// <summary>Just inside the inner table, seldom on the floor of a fossa, where blood outside of the brain is rare.</summary>
    private static Vector3D OnVault(PhantomRandom random, HeadField head, SceneRanges ranges, double awayFromMidlineMm = 0)
    {
        while (true)
        {
            var point = Any(random, head.SurfacePoints);
            if (Math.Abs(point.X) >= awayFromMidlineMm && (head.InwardNormal(point).Z < FloorSlope || random.Chance(ranges.FloorShare)))
            {
                return point;
            }
        }
    }

    private static Vector3D Any(PhantomRandom random, IReadOnlyList<Vector3D> surface, HeadField head, double depthMm)
    {
        var point = Any(random, surface);
        return point + (head.InwardNormal(point) * depthMm);
    }
}
