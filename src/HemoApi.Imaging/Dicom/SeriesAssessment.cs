namespace HemoApi.Imaging.Dicom;

/// <summary>One series of an upload, judged: a stack that can be measured, or why not.</summary>
internal sealed class SeriesAssessment
{
    /// <summary>A head CT has about 30 slices of 5 mm or 15 of 10 mm; fewer than 8 cover less than 80 mm of the head even at 10 mm.</summary>
    public const int MinimumSlices = 8;

    /// <summary>1 GiB of HU; 2048 slices of 512 × 512.</summary>
    public const long MaximumVoxels = 1L << 29;

    private readonly List<string> _reasons = [];

    private SeriesAssessment(string seriesInstanceUid, IReadOnlyList<DicomInstance> instances)
    {
        SeriesInstanceUid = seriesInstanceUid;
        Instances = instances;
    }

    public string SeriesInstanceUid { get; }

    public IReadOnlyList<DicomInstance> Instances { get; }

    /// <summary>Images that can be slices, each once.</summary>
    public IReadOnlyList<DicomInstance> Usable { get; private set; } = [];

    /// <summary>Null where the series is not eligible.</summary>
    public SliceStack? Stack { get; private set; }

    /// <summary>Why a series of usable images is refused all the same.</summary>
    public Fault? Fault { get; private set; }

    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>Images of this series that the stack does without: sentences.</summary>
    public IReadOnlyList<string> LeftOut { get; private set; } = [];

    public string? Description => Instances[0].SeriesDescription;

    public bool HasContrast => Usable.Any(i => i.HasContrastAgent);

    public KernelKind Kernel => Usable.Max(i => ReconstructionKernel.Classify(i.ConvolutionKernel));

    public bool IsOriginal => Usable.All(i => i.ImageType is ["ORIGINAL", "PRIMARY", ..]);

    /// <summary>Its description says what its headers do not.</summary>
    public bool SuggestsContrast => !HasContrast && ContrastSigns.IsSuggestedBy(Description);

    /// <summary>It says that it shows something else than a head.</summary>
    public bool IsElsewhere => Usable.Any(i => BodyPart.IsElsewhere(i.BodyPartExamined));

    public static SeriesAssessment Of(string seriesInstanceUid, IReadOnlyList<DicomInstance> instances, PixelFingerprints? pixels)
    {
        var assessment = new SeriesAssessment(seriesInstanceUid, [.. instances.OrderBy(i => i.FileName, StringComparer.Ordinal).ThenBy(i => i.FrameNumber)]);
        assessment.Assess(pixels);
        return assessment;
    }

    private void Assess(PixelFingerprints? pixels)
    {
        var problems = Instances.ToLookup(ImageEligibility.Problem);
        var usable = problems[null].ToArray();
        var leftOut = problems.Where(p => p.Key is not null).Select(p => $"{Count(p.Count())} {p.Key}.").ToList();
        if (RepeatedUidFault(usable) is { } repeated)
        {
            Refuse(usable, repeated);
            return;
        }

        var distinct = ImageCopies.Drop(usable, pixels);
        if (distinct.Length < usable.Length)
        {
            leftOut.Add($"{Count(usable.Length - distinct.Length)} are repeated copies of others.");
        }

        LeftOut = leftOut;
        _reasons.AddRange(leftOut);
        if (distinct.FirstOrDefault(i => TransferSyntax.Find(i.TransferSyntaxUid) is not { CanDecode: true }) is { } compressed)
        {
            var syntax = TransferSyntax.Find(compressed.TransferSyntaxUid);
            Refuse(distinct, syntax is null ? DicomFaults.UnknownTransferSyntax() : DicomFaults.UnsupportedTransferSyntax(syntax));
            return;
        }

        Usable = distinct;
        if (distinct.Length < MinimumSlices)
        {
            if (distinct.Length > 0)
            {
                _reasons.Add($"{distinct.Length} axial CT slices are too few; {MinimumSlices} are the least that can cover a head.");
            }

            return;
        }

        if ((long)distinct[0].Rows * distinct[0].Columns * distinct.Length > MaximumVoxels)
        {
            _reasons.Add($"It has more than the {MaximumVoxels >> 20} million voxels that are processed at most.");
            return;
        }

        if (SliceStack.Build(distinct).TryGet(out var stack, out var fault))
        {
            Stack = stack;
            Describe(stack);
        }
        else if (StackSeparation.Separate(distinct) is { } separated)
        {
            Stack = separated.Stack;
            Usable = separated.Stack.Slices;
            LeftOut = [.. LeftOut, separated.LeftOut];
            _reasons.Add(separated.LeftOut);
            Describe(separated.Stack);
        }
        else
        {
            Refuse(distinct, fault);
        }
    }

    private void Refuse(IReadOnlyList<DicomInstance> usable, Fault fault)
    {
        Usable = usable;
        Fault = fault;
        _reasons.Add(fault.Detail);
    }

    private void Describe(SliceStack stack)
    {
        var geometry = stack.Geometry;
        var extent = geometry.PositionAlongNormalMm(geometry.SliceCount - 1) - geometry.PositionAlongNormalMm(0);
        _reasons.Insert(0, $"{geometry.SliceCount} axial CT slices over {SpacingRules.Mm(extent)} mm.");
        if (HasContrast)
        {
            _reasons.Add("Scanned with a contrast agent; ranked after series without.");
        }
        else if (SuggestsContrast)
        {
            _reasons.Add("Its description suggests a contrast agent; ranked after series without.");
        }

        if (IsElsewhere)
        {
            _reasons.Add("Names another body part than the head; ranked after series that do not.");
        }

        if (Kernel == KernelKind.Bone)
        {
            _reasons.Add("Reconstructed with a bone kernel; ranked after soft-tissue kernels.");
        }

        if (!IsOriginal)
        {
            _reasons.Add("Not marked as original primary images; ranked after those.");
        }
    }

    /// <summary>One SOP Instance UID names one image (PS3.3 C.12.1): at two positions, one of them lies about which it is.</summary>
    private static Fault? RepeatedUidFault(IEnumerable<DicomInstance> images) =>
        images.GroupBy(i => (i.SopInstanceUid, i.FrameNumber)).Any(g => g.Select(i => i.ImagePositionLpsMm).Distinct().Count() > 1)
            ? DicomFaults.Malformed("two images at different positions share one SOP Instance UID")
            : null;

    private string Count(int count) => count == Instances.Count
        ? $"All {count} images"
        : $"{count} of {Instances.Count} images";
}
