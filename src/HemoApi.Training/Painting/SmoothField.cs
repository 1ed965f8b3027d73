using HemoApi.Imaging.Phantoms;

namespace HemoApi.Training.Painting;

/// <summary>A smooth random field over a square, standard normal at nodes some pixels apart, smoothly interpolated between them.</summary>
internal sealed class SmoothField
{
    private readonly float[,] _nodes;
    private readonly double _cell;

    public SmoothField(PhantomRandom random, int size, double cellPixels)
    {
        _cell = Math.Max(1, cellPixels);
        var count = (int)(size / _cell) + 3;
        _nodes = new float[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                _nodes[i, j] = (float)random.Gaussian();
            }
        }
    }

    public double this[int row, int column]
    {
        get
        {
            var (i, v) = Split(row);
            var (j, u) = Split(column);
            var top = _nodes[i, j] + ((_nodes[i, j + 1] - _nodes[i, j]) * u);
            var bottom = _nodes[i + 1, j] + ((_nodes[i + 1, j + 1] - _nodes[i + 1, j]) * u);
            return top + ((bottom - top) * v);
        }
    }

    private (int Node, double Weight) Split(int pixel)
    {
        var position = pixel / _cell;
        var node = (int)position;
        var t = position - node;

        // Smoothstep: without it the grid of the nodes shows.
        return (node, t * t * (3 - (2 * t)));
    }
}
