using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HemoApi.Imaging.Dicom;

/// <summary>Unique identifiers (PS3.5 section 9).</summary>
public static class DicomUid
{
    public const int MaximumLength = 64;

    /// <summary>A UID of the form 2.25.&lt;UUID as a decimal&gt; (PS3.5 B.2) that depends on nothing but the seed: the same
    /// seed gives the same UID on every machine. The UUID is of version 8 (RFC 9562), filled from the SHA-256 of the seed.</summary>
    public static string FromSeed(string seed)
    {
        ArgumentException.ThrowIfNullOrEmpty(seed);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(seed), hash);
        return FromHash(hash);
    }

    /// <summary>The same from the first 16 bytes of a hash, which it changes.</summary>
    internal static string FromHash(Span<byte> hash)
    {
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return $"2.25.{BinaryPrimitives.ReadUInt128BigEndian(hash)}";
    }

    /// <summary>Digits and single dots, 1 to 64 characters. Components with leading zeros, which PS3.5 forbids, pass: scanners write them.</summary>
    public static bool IsValid(string? uid)
    {
        if (uid is null || uid.Length is 0 or > MaximumLength || uid[0] == '.' || uid[^1] == '.' || uid.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        return uid.All(c => char.IsAsciiDigit(c) || c == '.');
    }
}

/// <summary>SOP classes (PS3.4 B.5) that HemoApi tells apart.</summary>
public static class SopClasses
{
    public const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
    public const string EnhancedCtImageStorage = "1.2.840.10008.5.1.4.1.1.2.1";
    public const string LegacyConvertedEnhancedCtImageStorage = "1.2.840.10008.5.1.4.1.1.2.2";
    public const string MediaStorageDirectoryStorage = "1.2.840.10008.1.3.10";

    /// <summary>CT whose frames functional groups describe (PS3.3 A.38.1, A.70).</summary>
    public static bool IsMultiFrameCt(string? sopClassUid) => sopClassUid is EnhancedCtImageStorage or LegacyConvertedEnhancedCtImageStorage;
}
