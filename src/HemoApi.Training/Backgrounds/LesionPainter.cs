using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Backgrounds;

/// <summary>Paints hemorrhages, and what is mistaken for them, into a crop of a real head.</summary>
internal sealed class LesionPainter(PhantomRandom random, BackgroundCrop crop)
{
    /// <summary>Depth over which the partial volume of bone stays brighter than blood.</summary>
    private const double BoneEdgeMm = 2;

    public byte[] Labels { get; } = new byte[crop.Hu.Length];

    public void PaintHemorrhages()
    {
        var roll = random.NextDouble();
        for (var count = roll < 0.3 ? 0 : roll < 0.8 ? 1 : 2; count > 0; count--)
        {
            var kind = random.NextDouble();
            if (kind < 0.36)
            {
                Intracerebral();
            }
            else if (kind < 0.64)
            {
                Extradural();
            }
            else
            {
                Subdural();
            }
        }
    }

    /// <summary>Not hemorrhage: old infarct or oedema, bright falx, calcifications, swollen scalp.</summary>
    public void PaintLookalikes()
    {
        if (random.Chance(0.2) && crop.PixelAt(random, 2) is { } infarct)
        {
            var shape = LesionShapes.Blob(random, crop, infarct, random.LogUniform(5, 35), 1);
            Add(shape, random.Uniform(1.5, 3), -random.Uniform(5, 16), inDepthOfMm: 0);
        }

        if (random.Chance(0.3))
        {
            Add(LesionShapes.Interhemispheric(random, crop, random.Uniform(0.6, 1.6)), 0.5, random.Uniform(5, 22), inDepthOfMm: 0);
        }

        for (var count = random.Chance(0.3) ? random.Integer(1, 4) : 0; count > 0 && crop.PixelAt(random, 3) is { } calcified; count--)
        {
            Replace(LesionShapes.Blob(random, crop, calcified, random.LogUniform(0.8, 3.5), 0.7), 0.6, 1, _ => random.Uniform(95, 350), label: 0);
        }

        if (random.Chance(0.5))
        {
            SwellScalp();
        }
    }

    private void Intracerebral()
    {
        if (crop.PixelAt(random, 3) is not { } centre)
        {
            return;
        }

        var radius = random.LogUniform(2.5, 28);
        var rough = random.Uniform(0.5, 1.6);
        var shape = LesionShapes.Blob(random, crop, centre, radius, rough);
        for (var satellites = random.Integer(0, 3); satellites > 0; satellites--)
        {
            var step = (int)(radius * 1.2 / crop.SpacingMm);
            var row = Math.Clamp((centre / crop.Size) + random.Integer(-step, step + 1), 0, crop.Size - 1);
            var column = Math.Clamp((centre % crop.Size) + random.Integer(-step, step + 1), 0, crop.Size - 1);
            var satellite = LesionShapes.Blob(random, crop, (row * crop.Size) + column, radius * random.Uniform(0.2, 0.7), rough);
            for (var i = 0; i < shape.Length; i++)
            {
                shape[i] = Math.Max(shape[i], satellite[i]);
            }
        }

        if (random.Chance(0.6))
        {
            var rim = (float)random.Uniform(1.5, 8);
            Add([.. shape.Select(inside => inside + rim)], random.Uniform(0.8, 2.5), -random.Uniform(4, 13), inDepthOfMm: 0.5);
        }

        Blood(shape, HemorrhageType.Ich);
    }

    private void Extradural()
    {
        if (crop.PixelAt(random, 0.4, 2) is { } anchor)
        {
            var thickness = random.LogUniform(3, 25);
            var halfLength = thickness * random.Uniform(1, 3.2);

            // The chord of a real skull: a long lens that is thinner than the cap over it would be a crescent.
            thickness = Math.Max(thickness, halfLength * halfLength / 65);
            Blood(LesionShapes.Lens(random, crop, anchor, thickness, halfLength), HemorrhageType.Edh);
        }
    }

    private void Subdural()
    {
        if (random.Chance(0.15))
        {
            Blood(LesionShapes.Interhemispheric(random, crop, random.Uniform(2.5, 9)), HemorrhageType.Sdh);
        }
        else if (crop.PixelAt(random, 0.4, 2) is { } anchor)
        {
            Blood(LesionShapes.Crescent(random, crop, anchor, random.LogUniform(2.5, 16), random.Uniform(0.35, 1.5)), HemorrhageType.Sdh);
        }
    }

    private void Blood(float[] shape, HemorrhageType type)
    {
        var hu = random.Uniform(45, 85);
        var texture = new SmoothField(random, crop.Size, random.Uniform(3, 20) / crop.SpacingMm);
        var amplitude = random.Uniform(0, 5);
        Replace(
            shape, random.Uniform(0.4, 1.4), random.Uniform(0.88, 1), i => hu + (amplitude * texture[i / crop.Size, i % crop.Size]), (byte)type);
    }

    /// <summary>Blends towards a density; pixels that are mostly inside get the label.</summary>
    /// <param name="softnessMm">Width of the edge.</param>
    private void Replace(float[] shape, double softnessMm, double opacity, Func<int, double> hu, byte label)
    {
        for (var i = 0; i < shape.Length; i++)
        {
            var share = Share(shape[i], softnessMm);
            if (share < 0.01)
            {
                continue;
            }

            var target = hu(i);
            if (crop.DepthMm[i] >= BoneEdgeMm || crop.Hu[i] <= target)
            {
                crop.Hu[i] += (float)((target - crop.Hu[i]) * share * opacity);
            }

            if (share > 0.5)
            {
                Labels[i] = label;
            }
        }
    }

    private void Add(float[] shape, double softnessMm, double hu, double inDepthOfMm)
    {
        for (var i = 0; i < shape.Length; i++)
        {
            if (crop.DepthMm[i] > inDepthOfMm)
            {
                crop.Hu[i] += (float)(hu * Share(shape[i], softnessMm));
            }
        }
    }

    private void SwellScalp()
    {
        var middle = random.Uniform(-Math.PI, Math.PI);
        var (halfAngle, thickness) = (random.Uniform(0.3, 1.3), random.LogUniform(3, 14));
        var hu = random.Uniform(20, 80);
        var texture = new SmoothField(random, crop.Size, 8 / crop.SpacingMm);
        for (var i = 0; i < crop.Hu.Length; i++)
        {
            var (x, y) = crop.FromMiddleMm(i);
            var angle = Math.IEEERemainder(Math.Atan2(y, x) - middle, 2 * Math.PI);
            var height = thickness * (1 - (angle * angle / (halfAngle * halfAngle)));
            if (crop.OutsideMm[i] > 0.5 && crop.Hu[i] < 150 && height > crop.OutsideMm[i] - 3)
            {
                crop.Hu[i] += (float)((hu + (5 * texture[i / crop.Size, i % crop.Size]) - crop.Hu[i]) * Share((float)(height - crop.OutsideMm[i]), 0.7));
            }
        }
    }

    private static double Share(float insideMm, double softnessMm) => 1 / (1 + Math.Exp(-Math.Clamp(insideMm * 2.5 / softnessMm, -30, 30)));
}
