using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>Intracranial blood has bone around it in its slice; muscle of the neck and the face, which can be as dense, has little. Right under a
/// removed bone flap a third of the directions still has bone. Scalp beside the skull has more, and is not told apart by this.</summary>
public static class SkullEnclosure
{
    /// <summary>Under this share of directions with bone a lesion is outside of the skull. The surface of the brain under a flap of a third of
    /// the circumference, the largest that surgeons remove, has 0.35.</summary>
    private const double LeastShare = 0.3;

    /// <summary>Thin bone in thick slices is no denser.</summary>
    private const short BoneHu = 200;

    private const int Directions = 16;
    private const int VoxelsAsked = 120;
    private const double StepMm = 1.5;
    private const double ReachMm = 150;

    /// <summary>Whether a lesion lies outside of the skull.</summary>
    public static bool IsOutside(CtVolume image, ConnectedLesion lesion) => ShareOfBone(image, lesion) < LeastShare;

    /// <summary>The share of directions in the slice in which there is bone, mean over voxels of the lesion.</summary>
    internal static double ShareOfBone(CtVolume image, ConnectedLesion lesion)
    {
        var geometry = image.Geometry;
        var voxels = 0L;
        foreach (var run in lesion.Runs.Span)
        {
            voxels += run.Length;
        }

        var (every, seen, asked, hits) = (Math.Max(1, voxels / VoxelsAsked), 0L, 0, 0);
        foreach (var run in lesion.Runs.Span)
        {
            // The voxels of the run whose number in the lesion is a multiple of the step.
            for (var at = (every - (seen % every)) % every; at < run.Length; at += every)
            {
                asked++;
                hits += Hits(image, run.Slice, run.Row, run.Start + (int)at);
            }

            seen += run.Length;
        }

        return hits / (double)(asked * Directions);

        int Hits(CtVolume volume, int slice, int row, int column)
        {
            var values = volume.Slice(slice);
            var count = 0;
            for (var direction = 0; direction < Directions; direction++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * direction / Directions);
                var (down, across) = (sin * StepMm / geometry.RowSpacingMm, cos * StepMm / geometry.ColumnSpacingMm);
                for (var step = 1; step * StepMm <= ReachMm; step++)
                {
                    var (r, c) = ((int)Math.Round(row + (step * down)), (int)Math.Round(column + (step * across)));
                    if (r < 0 || c < 0 || r >= geometry.Rows || c >= geometry.Columns)
                    {
                        break;
                    }

                    if (values[(r * geometry.Columns) + c] >= BoneHu)
                    {
                        count++;
                        break;
                    }
                }
            }

            return count;
        }
    }
}
