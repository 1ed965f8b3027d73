using System.Collections.Concurrent;
using HemoApi.Training.Networks;

namespace HemoApi.Training;

/// <param name="Images">[count, 1, size, size]</param>
/// <param name="Targets">[count, 3, size, size], 1 where the class is.</param>
/// <param name="NextSeed">Where the batch after this one starts.</param>
internal sealed record SampleBatch(float[] Images, float[] Targets, int Count, int Size, ulong NextSeed);

/// <summary>Makes batches ahead on one background thread. Every sample is used twice, the second time mirrored left to right in
/// the batch after, which halves the work of making samples.</summary>
/// <remarks>A batch is a function of its first seed alone, so a resumed run continues with the very batches of an
/// uninterrupted one: half of it are the seeds from there on, half the mirrored seeds just before.</remarks>
internal sealed class BatchQueue : IDisposable
{
    private const int BatchesAhead = 4;
    private readonly SampleSource _source;
    private readonly int _size;
    private readonly int _batch;
    private readonly BlockingCollection<SampleBatch> _batches = new(BatchesAhead);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Exception? _failure;

    /// <param name="nextSeed">From <see cref="SampleBatch.NextSeed"/> of the batch before, or <see cref="FirstSeed"/>.</param>
    public BatchQueue(SampleSource source, int size, int batch, ulong nextSeed)
    {
        (_source, _size, _batch) = (source, size, batch);
        _thread = new Thread(() => Produce(nextSeed)) { IsBackground = true, Name = "samples" };
        _thread.Start();
    }

    /// <summary>The first batch mirrors the seeds before this one, which are training seeds too.</summary>
    public static ulong FirstSeed(int batch) => TrainingSeeds.TrainingStart + (ulong)batch;

    /// <exception cref="InvalidOperationException">The source failed; the inner exception says how.</exception>
    public SampleBatch Take(CancellationToken cancellation)
    {
        if (_batches.TryTake(out var batch, Timeout.Infinite, cancellation))
        {
            return batch;
        }

        throw new InvalidOperationException("making samples failed", _failure);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _batches.Dispose();
        _stop.Dispose();
    }

    private void Produce(ulong nextSeed)
    {
        try
        {
            var mirrored = _batch / 2;
            var previous = Enumerable.Range(0, mirrored).Select(i => Make(nextSeed - (ulong)(mirrored - i))).ToArray();
            while (true)
            {
                var fresh = Enumerable.Range(0, _batch - mirrored).Select(i => Make(nextSeed + (ulong)i)).ToArray();
                nextSeed += (ulong)fresh.Length;
                _batches.Add(Assemble(fresh, previous, nextSeed), _stop.Token);
                previous = fresh[^mirrored..];
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: nobody waits any more.
        }
        catch (Exception exception)
        {
            _failure = exception;
        }

        _batches.CompleteAdding();
    }

    private TrainingSample Make(ulong seed)
    {
        _stop.Token.ThrowIfCancellationRequested();
        var sample = _source(seed, _size);
        var pixels = _size * _size;
        return sample.Size == _size && sample.Image.Length == pixels && sample.Labels.Length == pixels
            ? sample
            : throw new InvalidOperationException($"the sample of seed {seed} is not {_size}×{_size}");
    }

    private SampleBatch Assemble(TrainingSample[] fresh, TrainingSample[] mirrored, ulong nextSeed)
    {
        var pixels = _size * _size;
        var images = new float[_batch * pixels];
        var targets = new float[_batch * DenseUNet.Classes * pixels];
        for (var i = 0; i < _batch; i++)
        {
            var mirror = i >= fresh.Length;
            Copy(
                mirror ? mirrored[i - fresh.Length] : fresh[i],
                mirror,
                images.AsSpan(i * pixels, pixels),
                targets.AsSpan(i * DenseUNet.Classes * pixels, DenseUNet.Classes * pixels));
        }

        return new SampleBatch(images, targets, _batch, _size, nextSeed);
    }

    private static void Copy(TrainingSample sample, bool mirror, Span<float> image, Span<float> target)
    {
        var size = sample.Size;
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var to = (row * size) + column;
                var from = mirror ? (row * size) + size - 1 - column : to;
                image[to] = sample.Image[from];
                if (sample.Labels[from] is > 0 and var label)
                {
                    target[((label - 1) * size * size) + to] = 1;
                }
            }
        }
    }
}
