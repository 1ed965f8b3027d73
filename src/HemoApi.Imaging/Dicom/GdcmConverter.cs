using System.Diagnostics;

namespace HemoApi.Imaging.Dicom;

/// <summary>JPEG 2000 and JPEG-LS through the program <c>gdcmconv</c> (Debian: libgdcm-tools) in a child process of limited time and
/// memory. GDCM is native code that damaged files can crash or hold up, so it never runs inside of this process. What it gets is a
/// file of its own with the compressed frame and the shape of its pixels: no attribute of the patient leaves for the disk.</summary>
public static class GdcmConverter
{
    private const string Program = "gdcmconv";

    /// <summary>An image of 512 × 512 takes 0.05 s, one of 4096 × 4096 some 3 s.</summary>
    private const int MaximumCpuSeconds = 4;

    private const int MaximumMemoryKiB = 2 * 1024 * 1024;

    /// <summary>What holds it up is bounded by its processor time; on a machine so busy that it waits for a processor no study must be lost for that.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string? Path = OperatingSystem.IsWindows()
        ? null
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, Program))
            .FirstOrDefault(File.Exists);

    /// <summary>Found on PATH at the start of the process.</summary>
    public static bool IsInstalled => Path is not null;

    internal static Fault? Decode(ReadOnlyMemory<byte> frame, TransferSyntax syntax, DicomInstance image, HounsfieldTable table, Span<short> hounsfield)
    {
        if (Path is null)
        {
            return DicomFaults.UnsupportedTransferSyntax(syntax);
        }

        if (CompressedFrameSize.Read(frame.Span) is not { } size)
        {
            return DicomFaults.Malformed($"there is no {syntax.Name} stream in its pixel data");
        }

        if (size != new CompressedFrameSize(image.Columns, image.Rows, 1))
        {
            return DicomFaults.Malformed(
                $"its {syntax.Name} stream holds {size.Columns} × {size.Rows} pixels of {size.Components} components, and the header says {image.Columns} × {image.Rows} of one");
        }

        var folder = Directory.CreateTempSubdirectory("hemoapi-pixels-").FullName;
        try
        {
            var (compressed, raw) = (System.IO.Path.Combine(folder, "compressed.dcm"), System.IO.Path.Combine(folder, "raw.dcm"));
            using (var stream = File.Create(compressed))
            {
                CompressedFrameFile.Write(stream, frame.Span, syntax, image);
            }

            return Run(Path, compressed, raw) == 0 && File.Exists(raw)
                ? ReadRaw(raw, image, table, hounsfield)
                : DicomFaults.Malformed($"its {syntax.Name} pixel data can't be decoded");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>The program's exit code, 128 and the signal where one killed it; null where it was still running at the end of its time.</returns>
    internal static int? Run(string program, string compressed, string raw)
    {
        // The shell sets the limits, which .NET can't do for a child, and becomes the program.
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", $"ulimit -t {MaximumCpuSeconds}; ulimit -v {MaximumMemoryKiB}; exec \"$0\" --raw \"$1\" \"$2\"", program, compressed, raw },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(Limit))
        {
            return process.ExitCode;
        }

        process.Kill();
        process.WaitForExit();
        return null;
    }

    private static Fault? ReadRaw(string raw, DicomInstance image, HounsfieldTable table, Span<short> hounsfield)
    {
        using var stream = File.OpenRead(raw);
        if (!DicomFile.Open(stream).TryGet(out var file, out var fault))
        {
            return fault;
        }

        using (file)
        {
            if (!DicomHeaderReader.Describe(file, image.FileName).TryGet(out var decoded, out fault))
            {
                return fault;
            }

            if (file.PixelData is not { } pixelData || file.Syntax.Codec != PixelCodec.Native || Shape(decoded) != Shape(image))
            {
                return DicomFaults.Malformed("its compressed pixels are not of the shape that the header says");
            }

            using var pixels = new PixelDecoder(file, pixelData, decoded);
            return pixels.Decode(decoded, table, hounsfield);
        }
    }

    /// <summary>Without the stored bits: gdcmconv writes all allocated ones, extended by the sign, and the header's count of them still holds.</summary>
    private static (int Rows, int Columns, int BitsAllocated, bool IsSigned) Shape(DicomInstance image) =>
        (image.Rows, image.Columns, image.BitsAllocated, image.IsSigned);
}
