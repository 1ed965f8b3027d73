namespace HemoApi.Imaging.Masks;

/// <summary>The types the network tells apart; the values are the labels of every mask we write. 0 is none.</summary>
public enum HemorrhageType : byte
{
    /// <summary>Intracerebral hemorrhage.</summary>
    Ich = 1,

    /// <summary>Extradural (epidural) hemorrhage.</summary>
    Edh = 2,

    /// <summary>Subdural hemorrhage.</summary>
    Sdh = 3,
}

public static class HemorrhageTypes
{
    /// <summary>In label order, which is the order of the network's output channels.</summary>
    public static IReadOnlyList<HemorrhageType> All { get; } = [HemorrhageType.Ich, HemorrhageType.Edh, HemorrhageType.Sdh];

    /// <summary>The type of a <see cref="Code"/>; null where there is none.</summary>
    public static HemorrhageType? Find(string? code) =>
        All.Where(type => type.Code() == code).Select(type => (HemorrhageType?)type).SingleOrDefault();

    /// <summary>The name in every document: ICH, EDH, SDH.</summary>
    public static string Code(this HemorrhageType type) => type switch
    {
        HemorrhageType.Ich => "ICH",
        HemorrhageType.Edh => "EDH",
        HemorrhageType.Sdh => "SDH",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
