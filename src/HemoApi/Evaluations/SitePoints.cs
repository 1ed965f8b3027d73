using HemoApi.Storage;
using OxyPlot;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace HemoApi.Evaluations;

/// <summary>Points of cases, told apart by their sites.</summary>
internal static class SitePoints
{
    /// <summary>One marker a point, one colour a site; the legend is there where both sites are.</summary>
    public static void AddPoints(this PlotModel plot, IEnumerable<(CohortSite Site, double X, double Y)> points)
    {
        var sites = points.GroupBy(p => p.Site).OrderBy(g => g.Key).ToList();
        foreach (var site in sites)
        {
            var isExternal = site.Key == CohortSite.External;
            var series = new ScatterSeries
            {
                Title = isExternal ? "external" : "internal",
                MarkerType = isExternal ? MarkerType.Triangle : MarkerType.Circle,
                MarkerSize = 4,
                MarkerFill = OxyColor.FromAColor(170, isExternal ? PlotStyle.External : PlotStyle.Internal),
                MarkerStroke = isExternal ? PlotStyle.External : PlotStyle.Internal,
                MarkerStrokeThickness = 1,
            };
            series.Points.AddRange(site.Select(p => new ScatterPoint(p.X, p.Y)));
            plot.Series.Add(series);
        }

        if (sites.Count > 1)
        {
            plot.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomCenter, LegendPlacement = LegendPlacement.Outside, LegendOrientation = LegendOrientation.Horizontal });
        }
    }
}
