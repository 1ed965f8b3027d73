namespace HemoApi.Imaging.Dicom;

/// <summary>Copies a file without what HemoApi does not need of the patient: only attributes that it reads, and the pixels. The pixels keep their
/// encoding and give the same HU; comments inside of compressed frames and bits beside the stored ones are blanked, because names were put there.</summary>
public static class DicomCopy
{
    /// <param name="source">The file that <paramref name="image"/> was read of; forward only, stays open.</param>
    /// <param name="target">Need not seek; holds rubbish after a fault.</param>
    /// <returns>Null, or <see cref="FaultCodes.DicomMalformed"/> where the file can't be read to the end of its pixel data.</returns>
    public static Fault? Write(Stream source, Stream target, DicomInstance image, IdentityRules rules)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(rules);
        if (!DicomFile.Start(source, budget: null).TryGet(out var start, out var fault))
        {
            return fault;
        }

        using var inflater = start.Inflater;
        var copy = new CopiedItem();
        fault = new CopiedItemReader(start.Elements).Read(copy, out var found);
        if (fault is not null)
        {
            return fault;
        }

        copy.Apply(rules, image);
        rules.Describe(copy, image);
        if (copy.Find(DicomTags.SopClassUid) is not { } sopClass || copy.Find(DicomTags.SopInstanceUid) is not { } sopInstance)
        {
            return DicomFaults.Malformed("it names no SOP class and instance");
        }

        var syntax = start.Elements.Syntax;
        DicomFileWriter.WriteMeta(target, sopClass, sopInstance, syntax.IsEncapsulated ? syntax : TransferSyntax.ExplicitLittleEndian);
        copy.Write(target);

        // What is no slice of a head (a screenshot, a dose report) is not measured, and may have names burned in.
        if (found is not { } pixelData || image.Images.All(i => ImageEligibility.KindProblem(i) is not null))
        {
            return null;
        }

        start.Elements.EnterPixelData();
        return pixelData.HasUndefinedLength
            ? CopiedFragments.Write(start.Elements, pixelData, target)
            : CopiedPixels.Write(start.Elements, pixelData, image, target);
    }
}
