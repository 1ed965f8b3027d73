using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;
using HemoApi.Imaging.Volumes;
using HemoApi.Training.Backgrounds;

namespace HemoApi.PaperCohort;

/// <summary>A reader who outlines hemorrhages slice by slice, a little off the truth. The outline of a lesion is moved, in the plane, by
/// bias + shift of the study + shift of the place; each shift is normal. Outwards it stops at bone. Small lesions may be missed whole.</summary>
/// <remarks>The numbers are chosen so that readers agree about as much as those of Xu et al. 2021, table 1, on these phantoms. They mark
/// nothing where there is nothing, and no lesion is taken for one of another type.</remarks>
/// <param name="Code">As in the API.</param>
/// <param name="BiasMm">Mean of all shifts; above 0 draws too wide.</param>
/// <param name="MissRate">Of lesions below <see cref="SmallLesionMl"/>.</param>
internal sealed record SimulatedReader(string Code, double BiasMm, double MissRate)
{
    /// <summary>SD of the shift that all lesions of a study share, mm.</summary>
    public const double StudySdMm = 0.4;

    /// <summary>SD of the shift that varies along an outline, mm.</summary>
    public const double PlaceSdMm = 0.9;

    public const double SmallLesionMl = 3;

    private const double LargestShiftMm = 5;
    private const double BoneHu = 150;

    public static IReadOnlyList<SimulatedReader> All { get; } = [new("r1", 0, 0.02), new("r2", 0.4, 0.06), new("r3", -0.2, 0.03)];

    /// <summary>The model in words, for the report.</summary>
    public static string Description { get; } = FormattableString.Invariant(
        $"Three simulated readers outline the known truth slice by slice. An outline is moved in the plane by the sum of a reader's bias ({string.Join(", ", All.Select(r => FormattableString.Invariant($"{r.Code} {r.BiasMm:+0.0;−0.0;0} mm")))}), a shift of the whole study (SD {StudySdMm} mm) and one that varies smoothly along the outline (SD {PlaceSdMm} mm, waves of 15 to 45 mm); outwards it stops at bone. Lesions below {SmallLesionMl} ml are missed whole with a chance of {string.Join(", ", All.Select(r => FormattableString.Invariant($"{r.MissRate * 100:0} % ({r.Code})")))}. Readers mark nothing in clean scans and confuse no types. These numbers were chosen so that the readers agree about as much as those of table 1.");

    /// <param name="image">Says where bone is.</param>
    /// <param name="truth">On the grid of the image.</param>
    /// <param name="seed">Of the study; the same seed, reader and truth give the same mask.</param>
    public LabelVolume Draw(CtVolume image, LabelVolume truth, ulong seed)
    {
        var random = new PhantomRandom(Code.Aggregate(seed, (hash, c) => (hash * 0x100000001B3UL) ^ c));
        var labels = new byte[truth.Labels.Length];
        var shiftMm = BiasMm + (StudySdMm * random.Gaussian());
        foreach (var lesion in ConnectedLesions.Find(truth))
        {
            var place = new OutlineShift(random);
            if (lesion.VolumeMl(truth.Geometry) >= SmallLesionMl || !random.Chance(MissRate))
            {
                foreach (var slice in lesion.Runs.ToArray().GroupBy(run => run.Slice))
                {
                    Outline([.. slice], lesion.Type, image, labels, point => shiftMm + (PlaceSdMm * place[point]));
                }
            }
        }

        return new LabelVolume(truth.Geometry, labels);
    }

    private static void Outline(LabelRun[] runs, HemorrhageType type, CtVolume image, byte[] labels, Func<Vector3D, double> shiftMm)
    {
        var (geometry, slice) = (image.Geometry, runs[0].Slice);
        var pixelMm = Math.Sqrt(geometry.PixelAreaMm2);
        var margin = (int)Math.Ceiling(LargestShiftMm / pixelMm) + 1;
        var (top, left) = (Math.Max(0, runs.Min(r => r.Row) - margin), Math.Max(0, runs.Min(r => r.Start) - margin));
        var rows = Math.Min(geometry.Rows, runs.Max(r => r.Row) + margin + 1) - top;
        var columns = Math.Min(geometry.Columns, runs.Max(r => r.End) + margin) - left;
        var inside = new bool[rows * columns];
        foreach (var run in runs)
        {
            inside.AsSpan(((run.Row - top) * columns) + run.Start - left, run.Length).Fill(true);
        }

        var toOutside = DistanceTransform.ToOutside(inside, rows, columns);
        var toInside = DistanceTransform.ToOutside(Array.ConvertAll(inside, i => !i), rows, columns);
        for (var i = 0; i < inside.Length; i++)
        {
            // Half a pixel: the outline lies between the centres of the pixels on both sides of it.
            var distanceMm = pixelMm * (inside[i] ? 0.5 - toOutside[i] : toInside[i] - 0.5);
            var (row, column) = (top + (i / columns), left + (i % columns));
            var at = (((slice * geometry.Rows) + row) * geometry.Columns) + column;
            var isDrawn = inside[i]
                ? distanceMm < -LargestShiftMm || distanceMm <= Shift()
                : distanceMm <= LargestShiftMm && image.Hounsfield[at] < BoneHu && distanceMm <= Shift();
            labels[at] = isDrawn ? (byte)type : labels[at];

            double Shift() => shiftMm(geometry.ToLpsMm(column, row, slice));
        }
    }
}
