using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Quantification;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>What tells blood from what the network only takes for it, of one lesion of a mask.</summary>
/// <param name="GoingOn">As <see cref="LesionSupport.GoingOn"/>.</param>
/// <param name="MeanHu">Of its voxels, those that bone fills in part as well.</param>
/// <param name="Place">Of the mean of its voxels.</param>
internal sealed record FindingEvidence(double VolumeMl, double GoingOn, double MeanHu, HeadPlace Place)
{
    /// <summary>In the order of <see cref="Numbers"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["logVolumeMl", "goingOn", "meanHu", "belowVertexMm", "posterior", "lateral"];

    public double[] Numbers => [Math.Log(VolumeMl), GoingOn, MeanHu, Place.BelowVertexMm, Place.Posterior, Place.Lateral];

    public static FindingEvidence Of(CtVolume image, LesionSupport support, HeadFrame head, ConnectedLesion lesion)
    {
        var geometry = image.Geometry;
        var (voxels, hu, middle) = (0L, 0L, default(Vector3D));
        foreach (var run in lesion.Runs.Span)
        {
            voxels += run.Length;
            middle += geometry.ToLpsMm(run.Start + ((run.Length - 1) / 2.0), run.Row, run.Slice) * run.Length;
            foreach (var value in image.Hounsfield.AsSpan(run.FirstVoxel(geometry), run.Length))
            {
                hu += value;
            }
        }

        return new(lesion.VolumeMl(geometry), support.GoingOn(lesion), (double)hu / voxels, head.PlaceOf(middle * (1.0 / voxels)));
    }
}
