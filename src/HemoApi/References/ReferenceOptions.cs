using System.Text.RegularExpressions;
using HemoApi.Imaging;
using HemoApi.Imaging.Masks;

namespace HemoApi.References;

/// <summary>What a caller says of a mask, beside its bytes; valid by construction.</summary>
public sealed partial record ReferenceOptions
{
    public const string Majority = "majority";
    public const string Staple = "staple";
    public const string DefaultReader = "reference";

    private ReferenceOptions()
    {
    }

    public required string Reader { get; init; }

    /// <summary>The one type of the mask; null where its labels say the type.</summary>
    public required HemorrhageType? OnlyType { get; init; }

    /// <returns>The options, or request.invalid that names the parameter.</returns>
    public static Outcome<ReferenceOptions> Of(string? reader, string? type)
    {
        if (reader is not null && (!IsCode(reader) || reader is Majority or Staple))
        {
            return new Fault(
                FaultCodes.RequestInvalid,
                "The reader is not 1 to 64 letters, digits, dots, hyphens and underscores, or is the name of a consensus.",
                "Name readers by codes such as r1, not by their names.");
        }

        if (type is not null && HemorrhageTypes.Find(type) is null)
        {
            return new Fault(FaultCodes.RequestInvalid, "type must be ICH, EDH or SDH.", "Leave it out for a mask whose labels are 0 none, 1 ICH, 2 EDH, 3 SDH.");
        }

        return new ReferenceOptions { Reader = reader ?? DefaultReader, OnlyType = HemorrhageTypes.Find(type) };
    }

    public static bool IsCode(string text) => Code().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Code();
}
