using System.Globalization;
using System.IO.Compression;
using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Studies;

/// <summary>Makes of an accepted upload what the identity profile allows to keep: an archive of copies, each with what the service needs and nothing else
/// of the patient. Other entries than readable DICOM files are not in it.</summary>
public sealed class StudyCopy(IOptions<IdentityOptions> identity, TenantPseudonyms pseudonyms, IOptions<StorageOptions> storage)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>The copy is ours: what an archive may be was asked of the upload.</summary>
    private static readonly IntakeOptions NoLimits = new() { MaxEntries = 1_000_000, MaxEntryBytes = long.MaxValue, MaxExpandedBytes = long.MaxValue, RatioFloorBytes = long.MaxValue };

    /// <returns>What to store, to be disposed of; or storage.full, or the code of a file that can't be copied.</returns>
    public Outcome<StudyToStore> Make(UploadStreamFile upload, Intake intake, SeriesChoice choice, Guid tenantId, CancellationToken cancellationToken)
    {
        var asked = choice.Index is null ? choice.InstanceUid : intake.Plan.SeriesInstanceUid;
        if (identity.Value.Profile == IdentityProfile.Original)
        {
            return new StudyToStore(upload, upload.Bytes, intake, intake.Files, asked);
        }

        var key = identity.Value.Profile == IdentityProfile.Basic ? pseudonyms.Of(tenantId) : null;
        var rules = key is null ? IdentityRules.Minimal : new IdentityRules(key, identity.Value.Dates);

        // New UIDs and no descriptions could rank the series otherwise, so the one that was chosen is asked for.
        asked = key is null ? asked : key.Uid(intake.Plan.SeriesInstanceUid);
        var names = NewNames(intake.Files);
        var copy = UploadStreamFile.Create(storage.Value.IncomingFolder);
        try
        {
            if (Write(upload, copy, intake, rules, names, cancellationToken) is { } fault)
            {
                copy.Dispose();
                return fault;
            }

            var kept = Check(copy, intake, asked, cancellationToken);
            FileVerdict[] files = key is null ? [.. intake.Files] : [.. intake.Files.Select(f => f with { Name = names[f.Name] })];
            return new StudyToStore(copy, upload.Bytes, kept, files, asked);
        }
        catch (IOException e) when (StorageFull.Is(e))
        {
            copy.Dispose();
            return StorageFull.Fault;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Names that say nothing and sort as the old ones do, because order decides between equal files.</summary>
    private static Dictionary<string, string> NewNames(IReadOnlyList<FileVerdict> files) => files
        .Select(f => f.Name)
        .Order(StringComparer.Ordinal)
        .Select((name, i) => (name, i))
        .ToDictionary(pair => pair.name, pair => pair.i.ToString("D6", CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static Fault? Write(
        UploadStreamFile upload, UploadStreamFile copy, Intake intake, IdentityRules rules, Dictionary<string, string> names, CancellationToken cancellationToken)
    {
        using var buffered = new BufferedStream(new UploadStreamFileWriter(copy), BufferBytes);
        using var zip = new ZipArchive(buffered, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (entry, image) in intake.Readable)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var source = new ZipIntakeContent(upload.Handle, entry, long.MaxValue, new ExpansionBudget(long.MaxValue));
            using var target = zip.CreateEntry(names[entry.Name], CompressionLevel.Fastest).Open();
            if (DicomCopy.Write(source, target, image, rules) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>What is stored is read back first, and must be the same stack.</summary>
    private static Intake Check(UploadStreamFile copy, Intake intake, string? asked, CancellationToken cancellationToken)
    {
        var outcome = ZipIntake.Examine(copy.Handle, NoLimits, new SeriesChoice(asked), cancellationToken);
        return outcome.TryGet(out var kept, out _) && IsSameStack(kept.Plan, intake.Plan)
            ? kept
            : throw new InvalidOperationException($"the copy of an upload is another study: {outcome.Fault?.Code}");
    }

    private static bool IsSameStack(SeriesPlan copy, SeriesPlan original) =>
        copy.Geometry.Slices.SequenceEqual(original.Geometry.Slices)
        && copy.Slices.Select(Scale).SequenceEqual(original.Slices.Select(Scale))
        && copy.Warnings.All(warning => original.Warnings.Any(w => w.Code == warning.Code));

    private static (int, int, double?, double?) Scale(DicomInstance slice) => (slice.Rows, slice.Columns, slice.RescaleSlope, slice.RescaleIntercept);
}
