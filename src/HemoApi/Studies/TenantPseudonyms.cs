using System.Security.Cryptography;
using HemoApi.Hosting;
using HemoApi.Imaging.Dicom;
using HemoApi.Storage;
using Microsoft.Extensions.Options;

namespace HemoApi.Studies;

/// <summary>The pseudonyms of each tenant, under a key of its own (HKDF, RFC 5869) that is never in the database.</summary>
public sealed class TenantPseudonyms(IOptions<IdentityOptions> identity, IOptions<StorageOptions> storage)
{
    private const string FileName = "identity.key";

    private readonly Lazy<byte[]> _secret = new(() => identity.Value.Secret is { } configured
        ? Convert.FromBase64String(configured)
        : OfFile(Path.Combine(Path.GetFullPath(storage.Value.DataFolder), FileName)));

    public Pseudonyms Of(Guid tenantId) => new(HKDF.DeriveKey(
        HashAlgorithmName.SHA256, _secret.Value, Pseudonyms.LeastKeyBytes, info: [.. "HemoApi pseudonyms of "u8, .. tenantId.ToByteArray(bigEndian: true)]));

    /// <summary>What a caller's identifier may be stored as: itself, and under the basic profile its pseudonym.</summary>
    public string[] Aliases(Caller caller, string identifier, Func<Pseudonyms, string, string> pseudonym) =>
        identity.Value.Profile == IdentityProfile.Basic ? [identifier, pseudonym(Of(caller.TenantId), identifier)] : [identifier];

    private static byte[] OfFile(string path)
    {
        try
        {
            return Convert.FromBase64String(File.ReadAllText(path));
        }
        catch (FileNotFoundException)
        {
            // Whole or not at all, and the first of two processes wins.
            var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Pseudonyms.LeastKeyBytes));
            var partial = $"{path}.{Guid.NewGuid():n}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(partial, options))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(secret));
                stream.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(partial, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(partial);
            }

            FolderFlush.Flush(Path.GetDirectoryName(path)!);
            return Convert.FromBase64String(File.ReadAllText(path));
        }
    }
}
