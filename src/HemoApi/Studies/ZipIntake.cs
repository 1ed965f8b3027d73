using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using Microsoft.Win32.SafeHandles;

namespace HemoApi.Studies;

/// <summary>Decides whether an uploaded archive is safe, whole and measurable. Reads each entry once, front to back, and keeps
/// headers only, so memory does not grow with the size of the upload.</summary>
public static class ZipIntake
{
    /// <summary>Inflating keeps a processor busy; more than a few would only take them from running jobs.</summary>
    private static readonly int Threads = Math.Min(4, Environment.ProcessorCount);

    /// <param name="file">The archive; stays open.</param>
    /// <param name="choice">The series asked for.</param>
    /// <returns>The intake, or the fault: upload.truncated, zip.*, dicom.*, series.*, study.mixed, geometry.*.</returns>
    public static Outcome<Intake> Examine(
        SafeFileHandle file, IntakeOptions limits, SeriesChoice choice, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(file);
        if (!ZipIntakeDirectory.Read(file, length, limits).TryGet(out var entries, out var fault))
        {
            return fault;
        }

        var budget = new ExpansionBudget(limits.ExpansionBudget(length));
        var verdicts = new FileVerdict?[entries.Length];
        var instances = new DicomInstance?[entries.Length];
        var refusals = new Fault?[entries.Length];
        int[] order = [.. Enumerable.Range(0, entries.Length).OrderBy(i => entries[i].DataOffset)];

        // A break lets every entry before it be read, so the refusal is that of the first, whichever thread was faster.
        var options = new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken };
        Parallel.For(0, order.Length, options, (position, loop) =>
        {
            var i = order[position];
            var read = ZipIntakeFile.Read(file, entries[i], i + 1, limits, budget, cancellationToken);
            (verdicts[i], instances[i], refusals[position]) = (read.Verdict, read.Instance, read.Refusal);
            if (read.Refusal is not null)
            {
                loop.Break();
            }
        });
        if (refusals.FirstOrDefault(r => r is not null) is { } refusal)
        {
            return refusal;
        }

        // What is compared with another image of its place is read again, within the same limits.
        var byName = entries.ToDictionary(e => e.Name, StringComparer.Ordinal);
        var again = new ExpansionBudget(limits.ExpansionBudget(length));
        return Judge(entries, verdicts, instances, choice, new PixelFingerprints(name => new ZipIntakeContent(file, byName[name], limits.MaxEntryBytes, again)));
    }

    private static Outcome<Intake> Judge(ZipIntakeEntry[] entries, FileVerdict?[] verdicts, DicomInstance?[] instances, SeriesChoice choice, PixelFingerprints pixels)
    {
        DicomInstance[] readable = [.. instances.OfType<DicomInstance>()];
        if (readable.Length == 0)
        {
            return IntakeVerdicts.NoneUsable([.. verdicts.OfType<FileVerdict>()]);
        }

        var candidates = SeriesCatalogue.Group(readable, pixels);
        if (choice.Index >= candidates.Count)
        {
            return IntakeFaults.NoSeriesAt(choice.Index.Value, candidates.Count);
        }

        var uid = choice.Index is { } index ? candidates[index].SeriesInstanceUid : choice.InstanceUid;
        var rejected = verdicts.Count(v => v?.Verdict == Verdict.Rejected);
        if (!SeriesCatalogue.Plan(readable, uid, rejected, pixels).TryGet(out var plan, out var fault))
        {
            return fault;
        }

        SeriesSummary[] series =
        [
            .. candidates.Select(s => new SeriesSummary(s.SeriesInstanceUid, s.Description, s.Instances.Count, s.Eligible, s.Reasons)),
        ];
        var byUid = series.DistinctBy(s => s.SeriesInstanceUid).ToDictionary(s => s.SeriesInstanceUid);
        var slices = plan.Slices.Select(s => s.FileName).ToHashSet(StringComparer.Ordinal);
        FileVerdict[] files =
        [
            .. verdicts.Zip(instances, (verdict, instance) =>
                verdict ?? IntakeVerdicts.Of(instance!, plan, slices.Contains(instance!.FileName), byUid)),
        ];
        return new Intake(files, series, plan, [.. readable.Select(i => i.FileName)])
        {
            Readable = [.. entries.Zip(instances).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))],
        };
    }
}
