using System.Collections.Concurrent;
using HemoApi.Training.Networks;

namespace HemoApi.Training;

/// <param name="Images">[count, 1, size, size]</param>
/// <param name="Targets">[count, 3, size, size], 1 where the class is.</param>
/// <param name="NextSeed">Where the batch after this one starts.</param>
internal sealed record SampleBatch(float[] Images, float[] Targets, int Count, int Size, ulong NextSeed);

/// <summary>Makes batches ahead on one background thread. Every sample is used once, that of an odd seed mirrored left to right.</summary>
/// <remarks>A batch is a function of its first seed alone, so a resumed run continues with the very batches of an
/// uninterrupted one.</remarks>
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

    /// <param name="nextSeed">From <see cref="SampleBatch.NextSeed"/> of the batch before, or <see cref="TrainingSeeds.TrainingStart"/>.</param>
    public BatchQueue(SampleSource source, int size, int batch, ulong nextSeed)
    {
        (_source, _size, _batch) = (source, size, batch);
        _thread = new Thread(() => Produce(nextSeed)) { IsBackground = true, Name = "samples" };
        _thread.Start();
    }

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
            while (true)
            {
                var samples = Enumerable.Range(0, _batch).Select(i => Make(nextSeed + (ulong)i)).ToArray();
                var batch = Assemble(samples, nextSeed);
                nextSeed = batch.NextSeed;
                _batches.Add(batch, _stop.Token);
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

    private SampleBatch Assemble(TrainingSample[] samples, ulong firstSeed)
    {
        var pixels = _size * _size;
        var images = new float[_batch * pixels];
        var targets = new float[_batch * DenseUNet.Classes * pixels];
        for (var i = 0; i < _batch; i++)
        {
            Copy(
                samples[i],
                (firstSeed + (ulong)i) % 2 == 1,
                images.AsSpan(i * pixels, pixels),
                targets.AsSpan(i * DenseUNet.Classes * pixels, DenseUNet.Classes * pixels));
        }

        return new SampleBatch(images, targets, _batch, _size, firstSeed + (ulong)_batch);
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
