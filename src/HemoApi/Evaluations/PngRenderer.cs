using HemoApi.Hosting;
using OxyPlot;
using OxyPlot.SkiaSharp;

namespace HemoApi.Evaluations;

/// <summary>Draws plots as PNG with Skia, a native library that needs fontconfig on Linux. Where it does not load, plots are there as SVG
/// alone, and a line in the log says why.</summary>
public sealed partial class PngRenderer(ILogger<PngRenderer> log)
{
    private volatile bool _isMissing;

    /// <returns>Null where the native library does not load.</returns>
    public byte[]? Render(PlotModel plot)
    {
        if (_isMissing)
        {
            return null;
        }

        try
        {
            using var png = new MemoryStream();
            new PngExporter { Width = 2 * EvaluationPlots.WidthPixels, Height = 2 * EvaluationPlots.HeightPixels, Dpi = 192 }.Export(plot, png);
            return png.ToArray();
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            _isMissing = true;
            LogMissing(e.Shape());
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Plots are not drawn as PNG, because Skia does not load (on Linux it needs libfontconfig1): {Shape}")]
    private partial void LogMissing(string shape);
}
