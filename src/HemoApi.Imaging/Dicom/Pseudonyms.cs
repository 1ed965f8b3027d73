using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HemoApi.Imaging.Dicom;

/// <summary>Stands in for identifiers: HMAC-SHA-256 under a tenant's secret key. The same identifier always gets the same pseudonym, and without the key no
/// list of identifiers can be tried against them.</summary>
public sealed class Pseudonyms
{
    /// <summary>Ten years.</summary>
    public const int MostDays = 3650;

    public const int LeastKeyBytes = 32;

    private readonly byte[] _key;

    /// <exception cref="ArgumentException">The key is shorter than <see cref="LeastKeyBytes"/>.</exception>
    public Pseudonyms(byte[] key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length < LeastKeyBytes)
        {
            throw new ArgumentException($"a key has at least {LeastKeyBytes} bytes", nameof(key));
        }

        _key = key;
    }

    /// <summary>Of a Patient ID: 32 hexadecimal digits.</summary>
    public string PatientId(string patientId) => Convert.ToHexStringLower(Hash("patient", patientId).AsSpan(0, 16));

    /// <summary>Of any UID: 2.25 and a UUID (PS3.5 B.2).</summary>
    public string Uid(string uid) => DicomUid.FromHash(Hash("uid", uid));

    /// <summary>−1 to −<see cref="MostDays"/>: the past is where no one takes the date for an appointment.</summary>
    public int DayShift(string patientId) => -1 - (int)(BinaryPrimitives.ReadUInt32BigEndian(Hash("days", patientId)) % MostDays);

    private byte[] Hash(string kind, string text) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{kind}\n{text}"));
}
