namespace HemoApi.Imaging.Evaluation.Statistics;

/// <summary>A lesion that a model found.</summary>
/// <param name="Score">How sure the model is, or how large the lesion; any number that rises with it.</param>
/// <param name="Hits">Which true lesion of its scan it is, counted from 0; null where it is none.</param>
public readonly record struct FrocFinding(int Scan, double Score, int? Hits);

/// <param name="Threshold">Findings of at least this score count.</param>
/// <param name="Sensitivity">Share of all true lesions that at least one finding hits.</param>
/// <param name="FalsePositivesPerScan">Findings that hit nothing, over all scans.</param>
public readonly record struct FrocPoint(double Threshold, double Sensitivity, double FalsePositivesPerScan);

/// <summary>Free-response receiver operating characteristic by lesion (Bunch et al. 1977).</summary>
/// <param name="Points">From the highest score down, one for each different score; empty where nothing was found.</param>
public sealed record FrocCurve(int Scans, int Lesions, IReadOnlyList<FrocPoint> Points)
{
    /// <param name="scans">All scans, those without a finding and without a lesion too.</param>
    /// <param name="lesions">True lesions of all scans together.</param>
    /// <exception cref="ArgumentException">No scan, no lesion, or a score that is not finite.</exception>
    public static FrocCurve Of(IReadOnlyList<FrocFinding> findings, int scans, int lesions)
    {
        if (scans < 1 || lesions < 1)
        {
            throw new ArgumentException("needs at least one scan and one true lesion");
        }

        Pairs.RequireFinite(findings.Select(f => f.Score).ToArray());
        var points = new List<FrocPoint>();
        var (hit, falsePositives) = (new HashSet<(int, int)>(), 0);
        foreach (var group in findings.GroupBy(f => f.Score).OrderByDescending(g => g.Key))
        {
            foreach (var finding in group)
            {
                // A second finding on the same lesion is neither a hit nor false.
                if (finding.Hits is { } lesion)
                {
                    hit.Add((finding.Scan, lesion));
                }
                else
                {
                    falsePositives++;
                }
            }

            points.Add(new(group.Key, (double)hit.Count / lesions, (double)falsePositives / scans));
        }

        return new(scans, lesions, points);
    }

    /// <summary>The highest sensitivity at no more than that many false positives a scan; 0 where the curve begins beyond.</summary>
    public double SensitivityAt(double falsePositivesPerScan) =>
        Points.Where(p => p.FalsePositivesPerScan <= falsePositivesPerScan).Select(p => p.Sensitivity).DefaultIfEmpty(0).Max();
}
