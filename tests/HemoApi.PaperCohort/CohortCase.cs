using HemoApi.Imaging.Export;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Phantoms;

namespace HemoApi.PaperCohort;

/// <summary>One study of the cohort.</summary>
/// <param name="Type">Null where it is clean.</param>
internal sealed record CohortCase(ulong Seed, HemorrhageType? Type, PhantomHospital Hospital)
{
    // Far from the seeds of training (from 1,000,000), validation, fit, evaluation and tests (below 1,000).
    private const ulong FirstSeed = 20_000;
    private const ulong SeedsOfGroup = 1_000;
    private const int Fewest = 3;

    /// <summary>The test cohorts of Xu et al. 2021, Materials and Methods, Data Collection.</summary>
    private static readonly (HemorrhageType? Type, PhantomHospital Hospital, int Count)[] Groups =
    [
        (HemorrhageType.Ich, PhantomHospital.A, 61), (HemorrhageType.Edh, PhantomHospital.A, 87), (HemorrhageType.Sdh, PhantomHospital.A, 63), (HemorrhageType.Ich, PhantomHospital.B, 86), (null, PhantomHospital.B, 402),
    ];

    /// <param name="scale">1 is the paper's cohort; a smaller one has the first studies of each group, at least three.</param>
    /// <returns>The groups mixed, so that any part of the list takes the same time.</returns>
    public static IReadOnlyList<CohortCase> All(double scale) =>
    [
        .. Groups.SelectMany((group, g) =>
            {
                var count = Math.Max(Fewest, (int)Math.Round(group.Count * scale));
                return Enumerable.Range(0, count).Select(i => (Order: (i + 0.5) / count, Case: new CohortCase(FirstSeed + ((ulong)g * SeedsOfGroup) + (ulong)i, group.Type, group.Hospital)));
            })
            .OrderBy(c => c.Order)
            .Select(c => c.Case),
    ];

    /// <summary>Scans the phantom and has it read.</summary>
    public MadeStudy Make()
    {
        var study = new PhantomStudy(Seed, Type is { } type ? [type] : []);
        var (image, truth) = Hospital.Scan(study);
        using var zip = new MemoryStream();
        study.WriteZip(zip, image);
        return new(this, zip.ToArray(), [.. SimulatedReader.All.Select(reader => (reader.Code, Nifti(reader.Draw(image, truth, Seed))))]);
    }

    private static byte[] Nifti(LabelVolume mask)
    {
        using var file = new MemoryStream();
        NiftiWriter.WriteMask(mask, file);
        return file.ToArray();
    }
}

/// <param name="Zip">The DICOM files.</param>
/// <param name="Masks">NIfTI of each reader, on the grid of the scan.</param>
internal sealed record MadeStudy(CohortCase Case, byte[] Zip, IReadOnlyList<(string Reader, byte[] Nifti)> Masks);
