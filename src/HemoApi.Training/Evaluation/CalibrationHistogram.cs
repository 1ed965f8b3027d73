namespace HemoApi.Training.Evaluation;

/// <summary>Pixels by the logit of their probability, and how many of them are of the class: all that a temperature is fitted on, whatever the
/// number of pixels.</summary>
internal sealed class CalibrationHistogram
{
    private const double Limit = 16;
    private const double Width = 0.01;
    private const int ReliabilityBins = 15;
    private readonly long[] _with = new long[(int)(2 * Limit / Width)];
    private readonly long[] _without = new long[(int)(2 * Limit / Width)];

    public long Count { get; private set; }

    /// <param name="probability">As the network gives it; logits are held to ±16, which is all that float32 tells apart near 1.</param>
    public void Add(float probability, bool isClass)
    {
        var logit = Math.Log(probability) - Math.Log(1.0 - probability);
        var bin = (int)Math.Clamp((logit + Limit) / Width, 0, _with.Length - 1);
        (isClass ? _with : _without)[bin]++;
        Count++;
    }

    /// <summary>Mean negative log-likelihood (cross-entropy) with logits divided by the temperature; nats.</summary>
    public double LogLoss(double temperature)
    {
        var sum = 0.0;
        for (var bin = 0; bin < _with.Length; bin++)
        {
            var logit = Logit(bin) / temperature;
            sum += (_with[bin] * SoftPlus(-logit)) + (_without[bin] * SoftPlus(logit));
        }

        return sum / Count;

        static double SoftPlus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
    }

    /// <summary>Expected calibration error with 15 bins of equal width (Guo et al. 2017): mean over pixels of |probability − share of the class|
    /// by bin.</summary>
    public double ExpectedCalibrationError(double temperature)
    {
        var bins = new (double Probability, long With, long Count)[ReliabilityBins];
        for (var bin = 0; bin < _with.Length; bin++)
        {
            var (count, probability) = (_with[bin] + _without[bin], 1 / (1 + Math.Exp(-Logit(bin) / temperature)));
            ref var target = ref bins[Math.Min((int)(probability * ReliabilityBins), ReliabilityBins - 1)];
            target = (target.Probability + (count * probability), target.With + _with[bin], target.Count + count);
        }

        return bins.Sum(b => Math.Abs(b.Probability - b.With)) / Count;
    }

    /// <summary>The temperature of the least <see cref="LogLoss"/> from 0.2 to 5, which has one minimum in the logarithm of the temperature; by
    /// golden sections.</summary>
    public double BestTemperature()
    {
        var golden = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(0.2), Math.Log(5));
        while (high - low > 1e-4)
        {
            var (a, b) = (high - (golden * (high - low)), low + (golden * (high - low)));
            (low, high) = LogLoss(Math.Exp(a)) < LogLoss(Math.Exp(b)) ? (low, b) : (a, high);
        }

        return Math.Exp((low + high) / 2);
    }

    private static double Logit(int bin) => ((bin + 0.5) * Width) - Limit;
}
