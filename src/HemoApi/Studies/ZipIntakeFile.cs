using HemoApi.Imaging;
using HemoApi.Imaging.Dicom;
using Microsoft.Win32.SafeHandles;

namespace HemoApi.Studies;

/// <summary>What one entry of an archive is: exactly one of the three is set.</summary>
/// <param name="Instance">A readable DICOM file.</param>
/// <param name="Verdict">Not usable, and why; the rest of the archive may be.</param>
/// <param name="Refusal">The whole archive is refused.</param>
internal readonly record struct ZipIntakeFile(DicomInstance? Instance, FileVerdict? Verdict, Fault? Refusal)
{
    public static ZipIntakeFile Read(
        SafeFileHandle file, ZipIntakeEntry entry, int number, IntakeOptions limits, ExpansionBudget budget, CancellationToken cancellationToken)
    {
        if (entry.Method is not (ZipIntakeEntry.Stored or ZipIntakeEntry.Deflate))
        {
            return Rejected(entry, FaultCodes.ZipCorrupt, $"Packed by compression method {entry.Method}; only stored and deflate can be read.");
        }

        using var content = new ZipIntakeContent(file, entry, limits.MaxEntryBytes, budget);
        var housekeeping = entry.IsFolder || ZipIntakeNames.IsHousekeeping(entry.Name);
        Outcome<DicomInstance>? header = housekeeping ? default(Outcome<DicomInstance>?) : DicomHeaderReader.ReadAndCheckPixelData(content, entry.Name, budget);
        content.Drain(cancellationToken);

        if (content.IsOverLimit)
        {
            return Refused(IntakeFaults.Unsafe(budget.IsExceeded
                ? $"The archive expands to more than {budget.Bytes} bytes."
                : $"Entry {number} of the archive expands to more than {limits.MaxEntryBytes} bytes."));
        }

        if (content.IsForged)
        {
            return Refused(IntakeFaults.Unsafe($"Entry {number} of the archive has another size than the archive claims."));
        }

        var isDicom = header is { Fault: null or { Code: FaultCodes.DicomPolyglot } };
        if (!isDicom && ZipIntakeMagic.IsArchive(content.Head))
        {
            return Refused(IntakeFaults.Unsafe($"Entry {number} of the archive is an archive itself.", "Send the DICOM files in one zip, without archives inside it."));
        }

        if (content.IsDamaged)
        {
            return Rejected(entry, FaultCodes.ZipCorrupt, "Its bytes were damaged after it was packed.");
        }

        if (header is not { } outcome)
        {
            return Ignored(entry, entry.IsFolder ? "A folder." : "Housekeeping of an operating system or the index of a DICOM medium.");
        }

        if (outcome.TryGet(out var instance, out var fault))
        {
            return new ZipIntakeFile(instance, null, null);
        }

        return fault.Code switch
        {
            FaultCodes.DicomPolyglot => Refused(fault),
            FaultCodes.DicomNone => Ignored(entry, fault.Detail),
            _ => Rejected(entry, fault.Code, fault.Detail),
        };
    }

    private static ZipIntakeFile Refused(Fault fault) => new(null, null, fault);

    private static ZipIntakeFile Ignored(ZipIntakeEntry entry, string detail) =>
        new(null, new FileVerdict(entry.Name, Studies.Verdict.Ignored, FaultCodes.DicomNone, detail), null);

    private static ZipIntakeFile Rejected(ZipIntakeEntry entry, string code, string detail) =>
        new(null, new FileVerdict(entry.Name, Studies.Verdict.Rejected, code, detail), null);
}
