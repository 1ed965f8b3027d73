using System.Globalization;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Postprocessing;

/// <summary>What a result says of findings that the network marked and the model's rules did not take for blood: a reader can look there.</summary>
internal static class LeftOutFindings
{
    private const int Named = 5;

    /// <returns>The largest ones with volume and place; null where nothing was left out.</returns>
    public static ResultWarning? Warning(IReadOnlyList<ConnectedLesion> leftOut, VolumeGeometry geometry)
    {
        if (leftOut.Count == 0)
        {
            return null;
        }

        var named = leftOut.OrderByDescending(lesion => lesion.VolumeMl(geometry)).Take(Named).Select(lesion => Name(lesion, geometry));
        var others = leftOut.Count > Named ? string.Create(CultureInfo.InvariantCulture, $"; and {leftOut.Count - Named} smaller") : "";
        return new ResultWarning(
            WarningCodes.FindingsLeftOut,
            $"The network marked more, which the rules of the model take for no blood; it is in neither mask nor volumes: {string.Join("; ", named)}{others}.");
    }

    private static string Name(ConnectedLesion lesion, VolumeGeometry geometry)
    {
        var runs = lesion.Runs.Span;
        var (first, last) = (runs[0].Slice, runs[^1].Slice);
        var place = first == last
            ? string.Create(CultureInfo.InvariantCulture, $"slice index {first}")
            : string.Create(CultureInfo.InvariantCulture, $"slice indices {first} to {last}");
        return string.Create(CultureInfo.InvariantCulture, $"{lesion.Type.Code()} {lesion.VolumeMl(geometry):F1} ml at {place}");
    }
}
