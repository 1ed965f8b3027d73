using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom.Fuzzing;

/// <summary>The valid files that mutants descend from: small, one of each encoding.</summary>
internal static class FuzzSeeds
{
    private const int Side = 16;

    /// <summary>A pattern of 16 × 16 pixels of 12 bits (8 in the baseline one), compressed by dcmtk 3.6.7 and GDCM 3.0.21.</summary>
    private static readonly (string Syntax, int Bits, string Frame)[] Compressed =
    [
        ("1.2.840.10008.1.2.4.70", 12, "/9j/4AAQSkZJRgABAQAAAQABAAD/wwALEAAQABABAREA/8QAGQABAQEBAQEAAAAAAAAAAAAABgcEBQIQ/9oACAEBAAEAAPkqVKlSpUqVKlSpUqVLW2TJkyZMizJkyZMmRZlW379/w37/AIb9+/4b9/w39bplMwUzBTMFMpmCmYKZgplbrPms+az581nzWfNZ8+azW7Nr12bXr12bXrs2vXrs1bufY7HY7HY7Fz7HY7HY7HYudbSpUqVKlSpUqVKlSpUtbZMmTJkyLMmTJkyZFmVbfv3/AA37/hv37/hv3/Df1umUzBTMFMwUymYKZgpmCmVus+az5rPnzWfNZ81nz5rNbs2vXZtevXZteuza9euzVu59jsdjsdjsXPsdjsdjsdi51tKlSpUqVKlSpUqVKlS1tkyZMmTIsyZMmTJkWZf/2Q=="),
        ("1.2.840.10008.1.2.4.51", 12, "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wQALDAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACgv/xAAmEAACAQMEAQMFAAAAAAAAAAABAwIEBREGCRIhChMicSYxQkRh/9oACAEBAAA/AJIO1d4YVht2krP9C26dbKhh+qtzGMYv4yuUCf4QR+XL2Mg2wvC704mmslAnRNrjNr6amM4Uy2HiGQMneqB7QRkHv7EjA48p0gNqfw1kp0Xa00Ggql842+MJmktbBHM14b6sjDBEe+wSOhjjiXNkW2F4a1FO12dCNCVJthfSqa9NqbGnigNgec8wzyyPkkns5jGH///Z"),
        ("1.2.840.10008.1.2.4.50", 8, "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAQABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABQP/xAAhEAACAwABBQADAAAAAAAAAAACBAEDBQYREhMUFQAhI//aAAgBAQAAPwCPzV+N8KGPmY3GMRrLJNILosUV0yt8VDQ15S8k65V2TWX9re+qbzkqxCSGFthOjLWDP0cHLzU9G9MFOLPnF0vJxYbA9MpIxiuPNWVYNMMGPSoBsOCiC/CcWsHOQWZl2WypkN6zLlfs7iuHRewsYT7Ven2W3aURZPsTcZCPk8NogH6iC1dPPT4sH2OKaPyEkzez8Kwasc6xZsNeBDMWErna5Epog7WOshYyBWABGUf/2Q=="),
        ("1.2.840.10008.1.2.4.80", 12, "/9j/9wALEAAQABABAREA//gADQH//wASAEMBFABA/9oACAEBAAAAAKJMSYkxHkWQ6DP4kxHkWQ6DP57LaMkYpgl6uVqu1qsVaqaWhzxklt1dHNox+j7Brm5OLVj5HuDEfJafn1B6aF7ScLfXxByZ1/SMKUpLaWEBJoQCmdAEGqugCzIBZUAgxLKsOfC0XsiVgzCjJiUjxo+C8QmVV00IYQwhdDCF0LrMhdFkVRZFUVWZrIWhpI0iUKgRKhSGU+nk6nESIU12JhYF9eXX7dXVxbWlog5e1mdnZnX1TrEsxKSG3oucQu2qZGKGrMVcXDmJghiylfEwzHarSRnEiuFFQ7RRXAiN9EQyqtIx4qP3kbCsQw4iL3UmE4jhaLkRZKJNKJNJuJFUkkUkkUi4mghkYWVhXVkjQqLqqopqSRIZpNmrVq0aCbq0aM2bIUaw/9kA"),
        ("1.2.840.10008.1.2.4.90", 12, "/0//UQApAAAAAAAQAAAAEAAAAAAAAAAAAAAAEAAAABAAAAAAAAAAAAABDwEB/1IADAAAAAEAAwQEAAH/XAANQICIiJCIiJCIiJD/ZAAqAAFDcmVhdGVkIGJ5IEdEQ00vT3BlbkpQRUcgdmVyc2lvbiAyLjUuMP+QAAoAAAAAARsAAf+Tz/wwIAiCR1yU/RlFwA/AGgD8weAAfODADP9Qg2kPCzmD287dfxADyMAD6hCAH4CUAD7RABp9K8XuQamwCnqL9pA1kJ8Df68TqKrCX6tJ1nydzlhPhX8V8PlyC/iS2m0QZ9j53ZQ/wAfacQA/A7gAfaUAN+uZvSiAs0cr+UyN5m5EDZQR2G+jwiCPqV5AFy5RI2UHC8FXakkgkjGf69ffBOZ1iTG25x6pCZ9H2sxFKLRsXqNR94ksrzMA2a3DETBAU2gHqLtdHOZabHorbrPG+Iboe5mLmiUi9aDCiA1+oL9G/07DHxW0rCBMYrckKeEKaU6kNYNElszR1ZfcH7RrwIG5cHIklZr7JvK1Tn//2QA="),
    ];

    /// <summary>Decoded in this process.</summary>
    public static IReadOnlyList<byte[]> Quick { get; } =
    [
        .. DicomFileWriterTests.WritableSyntaxes.Select(row => Image(16).File(row.Data)),
        Image(8).File(),
        Image(8).File(TransferSyntax.RleLossless.Uid),
        .. Compressed.Where(c => TransferSyntax.Find(c.Syntax)!.Codec == PixelCodec.Jpeg).Select(Encapsulated),
    ];

    /// <summary>Decoded by gdcmconv in a process of their own, which takes a hundred times as long.</summary>
    public static IReadOnlyList<byte[]> Slow { get; } =
        [.. Compressed.Where(c => TransferSyntax.Find(c.Syntax)!.Codec == PixelCodec.Gdcm).Select(Encapsulated)];

    private static CtImage Image(int bits) => new()
    {
        Rows = Side,
        Columns = Side,
        BitsAllocated = bits,
        BitsStored = Math.Min(bits, 12),
        HighBit = Math.Min(bits, 12) - 1,
        IsSigned = false,
    };

    private static byte[] Encapsulated((string Syntax, int Bits, string Frame) compressed)
    {
        var image = Image(compressed.Bits == 8 ? 8 : 16).Dataset();
        var withoutPixels = new DicomDataset();
        foreach (var element in image.Elements.Where(e => e.Tag != DicomTags.PixelData))
        {
            withoutPixels.Bytes(element.Tag, element.Vr, element.Value);
        }

        using var stream = new MemoryStream();
        DicomFileWriter.WriteWithFrame(stream, withoutPixels, TransferSyntax.Find(compressed.Syntax)!, Convert.FromBase64String(compressed.Frame));
        return stream.ToArray();
    }
}
