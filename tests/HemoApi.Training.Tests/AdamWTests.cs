using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HemoApi.Training.Tests;

public sealed class AdamWTests : IDisposable
{
    private const double Rate = 0.05;
    private const double Decay = 0.1;
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    /// <summary>The minimum of Σ (w − target)² is searched; the reference is the published algorithm, number by number in double precision.</summary>
    [Fact]
    public void Steps_follow_the_published_algorithm()
    {
        using var scope = NewDisposeScope();
        double[] target = [3, -0.5, 40];
        double[] weights = [1, 2, 3];
        var (mean, square) = (new double[3], new double[3]);
        var parameter = Weights();
        using var optimizer = new AdamW([parameter], Decay);

        for (var step = 1; step <= 40; step++)
        {
            for (var i = 0; i < 3; i++)
            {
                var gradient = 2 * (weights[i] - target[i]);
                mean[i] = (0.9 * mean[i]) + (0.1 * gradient);
                square[i] = (0.999 * square[i]) + (0.001 * gradient * gradient);
                var (m, v) = (mean[i] / (1 - Math.Pow(0.9, step)), square[i] / (1 - Math.Pow(0.999, step)));
                weights[i] -= Rate * ((m / (Math.Sqrt(v) + 1e-8)) + (Decay * weights[i]));
            }

            Descend(optimizer, parameter);
        }

        Assert.Equal(weights, parameter.data<float>().Select(w => (double)w), (a, b) => Math.Abs(a - b) < 1e-5 * Math.Abs(a));
    }

    [Fact]
    public void Saved_moments_go_on_where_they_were()
    {
        using var scope = NewDisposeScope();
        var (whole, part) = (Weights(), Weights());
        using var optimizer = new AdamW([whole], Decay);
        Descend(optimizer, whole);
        optimizer.save(_file);
        using (no_grad())
        {
            part.copy_(whole);
        }

        using var resumed = new AdamW([part], Decay);
        resumed.load(_file);
        Descend(optimizer, whole);
        Descend(resumed, part);

        Assert.Equal(whole.data<float>().ToArray(), part.data<float>().ToArray());
    }

    private static Parameter Weights() => new(tensor([1f, 2f, 3f]));

    private static void Descend(AdamW optimizer, Parameter weights)
    {
        var distance = weights - tensor([3f, -0.5f, 40f]);
        optimizer.ForgetGradients();
        (distance * distance).sum().backward();
        optimizer.Step(Rate);
    }
}
