using System.CommandLine;
using System.Globalization;
using HemoApi.Training.Backgrounds;

namespace HemoApi.Training.Commands;

/// <summary><c>samples</c>: a sheet of training samples to look at before hours are spent on them.</summary>
internal static class SamplesCommand
{
    private const int Across = 6;

    public static Command Create()
    {
        var backgrounds = new Option<DirectoryInfo?>("--backgrounds") { Description = "As for train." };
        var share = new Option<double>("--background-share") { Description = "As for train.", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "Samples on the sheet.", DefaultValueFactory = _ => 24 };
        var size = new Option<int>("--size") { Description = "Side of the samples in pixels.", DefaultValueFactory = _ => 384 };
        var first = new Option<ulong>("--first-seed") { Description = "Seed of the first sample.", DefaultValueFactory = _ => TrainingSeeds.TrainingStart };
        var output = new Option<FileInfo>("--output") { Description = "Image to write, .ppm: ICH outlined red, EDH green, SDH blue; window −20 to 120 HU.", Required = true };
        var command = new Command("samples", "Draws training samples onto a sheet.") { backgrounds, share, count, size, first, output };
        command.SetAction(result =>
        {
            var heads = result.GetValue(backgrounds) is { } b ? BackgroundHeads.Load(b.FullName, Console.Out) : [];
            var source = new BackgroundSource(heads, result.GetValue(share));
            var start = result.GetValue(first);
            var side = result.GetValue(size);
            var samples = Enumerable.Range(0, result.GetValue(count)).Select(i => source.Sample(start + (ulong)i, side)).ToList();
            WriteSheet(samples, side, result.GetValue(output)!.FullName);
        });
        return command;
    }

    private static void WriteSheet(List<TrainingSample> samples, int side, string file)
    {
        var down = (samples.Count + Across - 1) / Across;
        var (width, height) = (Across * side, down * side);
        var pixels = new byte[width * height * 3];
        for (var n = 0; n < samples.Count; n++)
        {
            for (var i = 0; i < side * side; i++)
            {
                var at = ((((n / Across * side) + (i / side)) * width) + (n % Across * side) + (i % side)) * 3;
                var grey = (byte)Math.Clamp((samples[n].Image[i] + 1) * 127.5f, 0, 255);
                pixels.AsSpan(at, 3).Fill(grey);
                if (samples[n].Labels[i] is > 0 and var label && IsEdge(samples[n].Labels, i, side))
                {
                    pixels.AsSpan(at, 3).Clear();
                    pixels[at + label - 1] = 255;
                }
            }
        }

        using var stream = File.Create(file);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P6 {width} {height} 255\n")));
        stream.Write(pixels);
    }

    private static bool IsEdge(byte[] labels, int i, int side) =>
        i % side == 0 || i % side == side - 1 || i < side || i >= labels.Length - side
        || labels[i - 1] != labels[i] || labels[i + 1] != labels[i] || labels[i - side] != labels[i] || labels[i + side] != labels[i];
}
