namespace HemoApi.Imaging.Dicom;

/// <summary>How a data set is encoded (PS3.5 section 10 and annex A).</summary>
/// <param name="IsEncapsulated">Pixel data come in fragments of a compressed stream.</param>
/// <param name="CanDecode">HemoApi decodes its pixel data.</param>
public sealed record TransferSyntax(
    string Uid,
    string Name,
    bool IsExplicitVr = true,
    bool IsBigEndian = false,
    bool IsDeflated = false,
    bool IsEncapsulated = false,
    bool CanDecode = false)
{
    public static readonly TransferSyntax ImplicitLittleEndian =
        new("1.2.840.10008.1.2", "Implicit VR Little Endian", IsExplicitVr: false, CanDecode: true);

    public static readonly TransferSyntax ExplicitLittleEndian =
        new("1.2.840.10008.1.2.1", "Explicit VR Little Endian", CanDecode: true);

    public static readonly TransferSyntax DeflatedExplicitLittleEndian =
        new("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", IsDeflated: true, CanDecode: true);

    public static readonly TransferSyntax ExplicitBigEndian =
        new("1.2.840.10008.1.2.2", "Explicit VR Big Endian", IsBigEndian: true, CanDecode: true);

    public static readonly TransferSyntax RleLossless =
        new("1.2.840.10008.1.2.5", "RLE Lossless", IsEncapsulated: true, CanDecode: true);

    private static readonly Dictionary<string, TransferSyntax> Known = new TransferSyntax[]
    {
        ImplicitLittleEndian,
        ExplicitLittleEndian,
        DeflatedExplicitLittleEndian,
        ExplicitBigEndian,
        RleLossless,
        Encapsulated("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
        Encapsulated("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)"),
        Encapsulated("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)"),
        Encapsulated("1.2.840.10008.1.2.4.57", "JPEG Lossless (Process 14)"),
        Encapsulated("1.2.840.10008.1.2.4.70", "JPEG Lossless (Process 14, Selection Value 1)"),
        Encapsulated("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless"),
        Encapsulated("1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless"),
        Encapsulated("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless"),
        Encapsulated("1.2.840.10008.1.2.4.91", "JPEG 2000"),
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

    private static TransferSyntax Encapsulated(string uid, string name) => new(uid, name, IsEncapsulated: true);
}
