using System.Diagnostics;
using System.IO.Compression;
using HemoApi.Imaging.Dicom;
using HemoApi.Imaging.Phantoms;

namespace HemoApi.Benchmarks;

/// <summary>How fast one thread reads headers and native pixel data from files, beside pydicom and dcmtk's dcmdump on the same files. All of them
/// read from the page cache; processor time counts.</summary>
internal static class DicomSpeed
{
    private const int Files = 300;
    private const int Rounds = 7;
    private const double LeastHeadersPerSecond = 500;
    private const double LeastGigabytesPerSecond = 1;

    /// <summary>Prints the best of some rounds, seconds: of headers alone, of pixels with the modality transformation, and of pixels as they are stored.</summary>
    private const string Pydicom =
        """
        import glob, sys, time, pydicom
        from pydicom.pixel_data_handlers.util import apply_modality_lut
        files = sorted(glob.glob(sys.argv[1] + '/*.dcm'))
        def best(action):
            times = []
            for _ in range(3):
                started = time.process_time()
                for f in files:
                    action(f)
                times.append(time.process_time() - started)
            return min(times)
        def pixels(f):
            d = pydicom.dcmread(f)
            apply_modality_lut(d.pixel_array, d)
        print(best(lambda f: pydicom.dcmread(f, stop_before_pixels=True)), best(pixels), best(lambda f: pydicom.dcmread(f).pixel_array))
        """;

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("hemoapi-dicom-").FullName;
        try
        {
            var paths = WriteFiles(folder);
            var megabytes = paths.Sum(p => new FileInfo(p).Length) / 1e6;
            Console.WriteLine($"{paths.Length} files, {megabytes:F0} MB, 512 × 512 of 16 bits, explicit VR little endian; one thread");

            var allocated = GC.GetAllocatedBytesForCurrentThread();
            ReadHeaders(paths);
            allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / paths.Length;
            var headers = paths.Length / Best(() => ReadHeaders(paths), ProcessorTime);
            Console.WriteLine($"headers: {headers:F0} files/s, {allocated} bytes allocated a file (target: at least {LeastHeadersPerSecond:F0} files/s)");

            var plan = SeriesCatalogue.Plan(ReadHeaders(paths[..PhantomStudy.SliceCount]), null).Value;
            long pixelBytes = 2L * plan.Geometry.Rows * plan.Geometry.Columns * plan.Geometry.SliceCount;
            var pixels = pixelBytes / Best(() => CtVolumeReader.Read(plan, File.OpenRead, null, default).Value, ProcessorTime) / 1e9;
            Console.WriteLine($"native pixel data to HU: {pixels:F2} GB/s (target: at least {LeastGigabytesPerSecond:F0} GB/s)");

            if (Others.Run(File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3", "-c", Pydicom, folder) is { } output)
            {
                var seconds = output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse).ToArray();
                var allPixelBytes = 2.0 * plan.Geometry.Rows * plan.Geometry.Columns * paths.Length;
                Console.WriteLine($"pydicom: headers {paths.Length / seconds[0]:F0} files/s, we are {headers * seconds[0] / paths.Length:F1} times as fast");
                Console.WriteLine($"pydicom: pixels to HU {allPixelBytes / seconds[1] / 1e9:F2} GB/s, we are {pixels * 1e9 * seconds[1] / allPixelBytes:F1} times as fast; pixels as stored {allPixelBytes / seconds[2] / 1e9:F2} GB/s, {pixels * 1e9 * seconds[2] / allPixelBytes:F1} times");
            }

            // The processor time of another program can't be read here, so these two are by the clock.
            var dump = Best(() => Others.Run("dcmdump", ["-M", "-q", .. paths]), Elapsed, rounds: 3);
            var ours = Best(() => ReadHeaders(paths), Elapsed);
            if (Others.Run("dcmdump", "--version") is not null)
            {
                Console.WriteLine($"dcmdump -M: {paths.Length / dump:F0} files/s, we are {dump / ours:F1} times as fast");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] WriteFiles(string folder)
    {
        using var stream = new MemoryStream();
        new PhantomStudy(7).WriteZip(stream);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        List<string> paths = [];
        for (var copy = 0; paths.Count < Files; copy++)
        {
            foreach (var entry in zip.Entries)
            {
                paths.Add(Path.Combine(folder, $"{copy:D3}-{entry.Name}"));
                entry.ExtractToFile(paths[^1]);
            }
        }

        return [.. paths];
    }

    private static DicomInstance[] ReadHeaders(string[] paths) => Array.ConvertAll(paths, path =>
    {
        using var stream = File.OpenRead(path);
        return DicomHeaderReader.Read(stream, path).Value;
    });

    /// <summary>Of this process: what one core has done, however busy the machine is otherwise.</summary>
    private static double ProcessorTime() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static double Elapsed() => Stopwatch.GetElapsedTime(0).TotalSeconds;

    private static double Best<T>(Func<T> action, Func<double> clock, int rounds = Rounds)
    {
        var best = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var started = clock();
            action();
            best = Math.Min(best, clock() - started);
        }

        return best;
    }
}
