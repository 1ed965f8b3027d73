namespace HemoApi.Imaging.Dicom;

/// <summary>How a data set is encoded (PS3.5 section 10 and annex A).</summary>
/// <param name="IsEncapsulated">Pixel data come in fragments of a compressed stream.</param>
/// <param name="Codec">What decodes its pixel data here.</param>
/// <param name="IsLossy">Its pixel data are not those that were compressed.</param>
public sealed record TransferSyntax(
    string Uid,
    string Name,
    bool IsExplicitVr = true,
    bool IsBigEndian = false,
    bool IsDeflated = false,
    bool IsEncapsulated = false,
    PixelCodec Codec = PixelCodec.None,
    bool IsLossy = false)
{
    public static readonly TransferSyntax ImplicitLittleEndian =
        new("1.2.840.10008.1.2", "Implicit VR Little Endian", IsExplicitVr: false, Codec: PixelCodec.Native);

    public static readonly TransferSyntax ExplicitLittleEndian =
        new("1.2.840.10008.1.2.1", "Explicit VR Little Endian", Codec: PixelCodec.Native);

    public static readonly TransferSyntax DeflatedExplicitLittleEndian =
        new("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", IsDeflated: true, Codec: PixelCodec.Native);

    public static readonly TransferSyntax ExplicitBigEndian =
        new("1.2.840.10008.1.2.2", "Explicit VR Big Endian", IsBigEndian: true, Codec: PixelCodec.Native);

    public static readonly TransferSyntax RleLossless =
        new("1.2.840.10008.1.2.5", "RLE Lossless", IsEncapsulated: true, Codec: PixelCodec.Rle);

    private static readonly Dictionary<string, TransferSyntax> Known = new TransferSyntax[]
    {
        ImplicitLittleEndian,
        ExplicitLittleEndian,
        DeflatedExplicitLittleEndian,
        ExplicitBigEndian,
        RleLossless,
        Encapsulated("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
        Encapsulated("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)", PixelCodec.Jpeg, isLossy: true),
        Encapsulated("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)", PixelCodec.Jpeg, isLossy: true),
        Encapsulated("1.2.840.10008.1.2.4.57", "JPEG Lossless (Process 14)", PixelCodec.Jpeg),
        Encapsulated("1.2.840.10008.1.2.4.70", "JPEG Lossless (Process 14, Selection Value 1)", PixelCodec.Jpeg),
        Encapsulated("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", PixelCodec.Gdcm),
        Encapsulated("1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless", PixelCodec.Gdcm, isLossy: true),
        Encapsulated("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless", PixelCodec.Gdcm),
        Encapsulated("1.2.840.10008.1.2.4.91", "JPEG 2000", PixelCodec.Gdcm, isLossy: true),
        Encapsulated("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component Lossless"),
        Encapsulated("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component"),
        Encapsulated("1.2.840.10008.1.2.4.100", "MPEG-2 Main Profile / Main Level"),
        Encapsulated("1.2.840.10008.1.2.4.101", "MPEG-2 Main Profile / High Level"),
        Encapsulated("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1"),
        Encapsulated("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"),
        Encapsulated("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
        Encapsulated("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
        Encapsulated("1.2.840.10008.1.2.4.112", "JPEG XL"),
        Encapsulated("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless"),
        Encapsulated("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options Lossless"),
        Encapsulated("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000"),
    }.ToDictionary(s => s.Uid);

    /// <summary>The syntax of a UID; null for one that is not in PS3.6 or has no pixel data in the file.</summary>
    public static TransferSyntax? Find(string uid) => Known.GetValueOrDefault(uid);

    /// <summary>Its pixel data can be decoded on this machine.</summary>
    public bool CanDecode => Codec switch
    {
        PixelCodec.None => false,
        PixelCodec.Gdcm => GdcmConverter.IsInstalled,
        _ => true,
    };

    private static TransferSyntax Encapsulated(string uid, string name, PixelCodec codec = PixelCodec.None, bool isLossy = false) =>
        new(uid, name, IsEncapsulated: true, Codec: codec, IsLossy: isLossy);
}

/// <summary>What decodes pixel data.</summary>
public enum PixelCodec
{
    /// <summary>Nothing here does.</summary>
    None,
    Native,
    Rle,
    Jpeg,

    /// <summary>The program gdcmconv, in a process of its own; see <see cref="GdcmConverter"/>.</summary>
    Gdcm,
}
