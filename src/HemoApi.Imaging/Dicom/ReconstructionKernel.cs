using System.Globalization;
using System.Text.RegularExpressions;

namespace HemoApi.Imaging.Dicom;

internal enum KernelKind
{
    SoftTissue,
    Unknown,
    Bone,
}

/// <summary>Reads ConvolutionKernel (0018,1210), which every manufacturer names in its own way.</summary>
internal static partial class ReconstructionKernel
{
    /// <summary>Siemens: H31s, J40s, Hr59f; the number rises with sharpness, and from 60 on they are made for bone and lung.</summary>
    private const int FirstSharpSiemens = 60;

    private static readonly string[] BoneWords = ["BONE", "EDGE", "LUNG", "SHARP"];

    private static readonly string[] SoftWords = ["STANDARD", "STD", "STND", "SOFT", "BRAIN", "SMOOTH"];

    /// <summary>Philips: bone and lung filters, and brain and body ones.</summary>
    private static readonly string[] PhilipsBone = ["D", "E", "L", "YC", "YD"];

    private static readonly string[] PhilipsSoft = ["A", "B", "C", "UA", "UB", "UC"];

    public static KernelKind Classify(string? kernel)
    {
        var name = kernel?.Split('\\')[0].Trim().ToUpperInvariant();
        if (string.IsNullOrEmpty(name))
        {
            return KernelKind.Unknown;
        }

        if (BoneWords.Any(name.Contains) || PhilipsBone.Contains(name))
        {
            return KernelKind.Bone;
        }

        if (SoftWords.Any(name.Contains) || PhilipsSoft.Contains(name))
        {
            return KernelKind.SoftTissue;
        }

        if (Canon().Match(name) is { Success: true } canon)
        {
            // FC01–FC29 and FC40–FC49 body and brain, FC60–FC69 brain; FC30–FC39 and FC80–FC89 bone, FC50–FC59 lung.
            return canon.Groups[1].ValueSpan[0] switch
            {
                '3' or '5' or '8' => KernelKind.Bone,
                '0' or '1' or '2' or '4' or '6' => KernelKind.SoftTissue,
                _ => KernelKind.Unknown,
            };
        }

        if (Siemens().Match(name) is { Success: true } siemens)
        {
            return int.Parse(siemens.Groups[1].ValueSpan, CultureInfo.InvariantCulture) >= FirstSharpSiemens
                ? KernelKind.Bone
                : KernelKind.SoftTissue;
        }

        return KernelKind.Unknown;
    }

    [GeneratedRegex(@"^FC(\d)\d")]
    private static partial Regex Canon();

    [GeneratedRegex(@"^[A-Z]{1,2}(\d\d)")]
    private static partial Regex Siemens();
}
