using OxyPlot;

namespace HemoApi.Evaluations;

/// <summary>Draws plots as SVG that scales with its place. Text is measured as wide as the widest of the fonts that may show it.</summary>
internal static class SvgRenderer
{
    /// <summary>Verdana has the widths of DejaVu Sans.</summary>
    private const string Families = "DejaVu Sans, Verdana, Arial, sans-serif";

    /// <param name="name">Of the plot; in its ids, so that plots of one page keep their own.</param>
    /// <param name="isDocument">With an XML declaration, for a file of its own; else to stand in a page.</param>
    public static string Render(string name, PlotModel plot, bool isDocument)
    {
        var (width, height) = (EvaluationPlots.WidthPixels, EvaluationPlots.HeightPixels);
        var svg = new SvgExporter
        {
            Width = width,
            Height = height,
            UseVerticalTextAlignmentWorkaround = true,
            TextMeasurer = new WideText(width, height),
        }.ExportToString(plot);
        svg = svg.Replace("id=\"clipPath", $"id=\"{name}-clip", StringComparison.Ordinal).Replace("url(#clipPath", $"url(#{name}-clip", StringComparison.Ordinal);
        svg = svg.Replace($"font-family=\"{PlotStyle.Font}\"", $"font-family=\"{Families}\"", StringComparison.Ordinal);
        var start = svg.IndexOf("<svg ", StringComparison.Ordinal);
        return $"{(isDocument ? svg[..start] : "")}<svg viewBox=\"0 0 {width} {height}\" {svg[(start + "<svg ".Length)..]}";
    }

    /// <summary>OxyPlot measures in Arial, and DejaVu Sans is wider and higher.</summary>
    private sealed class WideText(double width, double height) : PdfRenderContext(width, height, OxyColors.White)
    {
        private const double Wider = 1.55;
        private const double Higher = 1.2;

        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            var size = base.MeasureText(text, "Arial", fontSize, fontWeight);
            return new OxySize(size.Width * Wider, size.Height * Higher);
        }
    }
}
