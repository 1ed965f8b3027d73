using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Painting;

/// <summary>One square slice of a scene of its own, for training: all follows the random numbers.</summary>
internal static class PaintedSlice
{
    /// <summary>Share of slices with blood in their head that are cut through it on purpose.</summary>
    private const double AimAtBlood = 0.85;

    /// <summary>Share of slices below the closed skull: orbits, face and neck, where there is nothing to find.</summary>
    private const double BelowTheCavity = 0.12;

    /// <summary>Share of slices from <see cref="SceneRanges.Wide"/>.</summary>
    private const double WideShare = 0.6;
    private const double FaceMm = 35;
    private const int Attempts = 4000;

    public static HeadSection Draw(PhantomRandom random, HeadField head, int size, double spacingMm)
    {
        var ranges = random.Chance(WideShare) ? SceneRanges.Wide : SceneRanges.Usual;
        var scene = SceneFactory.Draw(random, head, ranges);
        var section = HeadSection.Render(scene, Plane(random, scene, size, spacingMm), 0);
        new ScannerFinish(random, ranges).Apply(section, random);
        return section;
    }

    private static VolumeGeometry Plane(PhantomRandom random, HeadScene scene, int size, double spacingMm)
    {
        var thickness = random.Chance(0.55) ? 5 : random.Uniform(1.5, 8);
        var aim = scene.ToLpsMm(Target(random, scene));
        var half = size / 2.0 * spacingMm;
        var room = Math.Max(0, 120 - half);
        var middle = scene.Pose.OffsetLpsMm;
        var centreX = Math.Clamp(aim.X + (random.Uniform(-half, half) * 0.45), middle.X - room, middle.X + room);
        var centreY = Math.Clamp(aim.Y + (random.Uniform(-half, half) * 0.45), middle.Y - room, middle.Y + room);
        return new(size, size, new(1, 0, 0), new(0, 1, 0), spacingMm, spacingMm, [new(new(centreX - half, centreY - half, aim.Z), thickness)]);
    }

    private static Vector3D Target(PhantomRandom random, HeadScene scene)
    {
        var head = scene.Head;
        if (random.Chance(BelowTheCavity))
        {
            return new(0, random.Uniform(-60, 60), random.Uniform(Math.Max(head.LowestMm, head.LowestCavityMm - FaceMm), head.LowestCavityMm));
        }

        HeadInsert[] blood = [.. scene.Inserts.Where(insert => insert.Type is not null)];
        if (blood.Length > 0 && random.Chance(AimAtBlood))
        {
            var wanted = blood[random.Integer(0, blood.Length)];
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var points = attempt % 2 == 0 ? head.SurfacePoints : head.InnerPoints;
                var point = points[random.Integer(0, points.Count)];
                if (wanted.InsideMm(point, head.At(point)) > 0.2)
                {
                    return point;
                }
            }

            return wanted.MiddleMm;
        }

        return head.InnerPoints[random.Integer(0, head.InnerPoints.Count)];
    }
}
