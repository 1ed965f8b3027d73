using System.Runtime.InteropServices;
using HemoApi.Training.Evaluation;
using Microsoft.Win32.SafeHandles;

namespace HemoApi.Training.Cases;

/// <summary>All slices of labelled cases, resampled once into a temporary file that goes away with this object: memory does not grow with the
/// number of cases. Can be read from several threads.</summary>
internal sealed class CaseSlices : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly List<Case> _cases = [];

    /// <exception cref="InvalidDataException">A case can't be read, by its name and with the reason.</exception>
    public CaseSlices(IEnumerable<EvaluationStudy> studies, TextWriter log)
    {
        _file = File.OpenHandle(
            Path.Combine(Path.GetTempPath(), $"hemoapi-cases-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        try
        {
            var end = 0L;
            foreach (var study in studies)
            {
                List<Place> slices = [];
                foreach (var slice in FrameSlices.Of(study.Image, study.Reference))
                {
                    slices.Add(new(end, slice.Height, slice.Width, slice.Labels.AsSpan().ContainsAnyExcept((byte)0)));
                    RandomAccess.Write(_file, MemoryMarshal.AsBytes(slice.Hu.AsSpan()), end);
                    RandomAccess.Write(_file, slice.Labels, end + (sizeof(short) * (long)slice.Hu.Length));
                    end += (sizeof(short) + 1) * (long)slice.Hu.Length;
                }

                log.WriteLine($"case {study.Name}: {slices.Count} slices, {slices.Count(s => s.HasBlood)} with blood");
                if (slices.Count > 0)
                {
                    _cases.Add(new([.. slices], [.. slices.Where(s => s.HasBlood)]));
                }
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public int CaseCount => _cases.Count;

    /// <summary>Slices of a case, those with blood alone or all.</summary>
    public int SliceCount(int index, bool withBlood) => Of(index, withBlood).Length;

    public FrameSlice Read(int index, bool withBlood, int slice)
    {
        var place = Of(index, withBlood)[slice];
        var pixels = place.Height * place.Width;
        var (hu, labels) = (new short[pixels], new byte[pixels]);
        ReadExactly(MemoryMarshal.AsBytes(hu.AsSpan()), place.Offset);
        ReadExactly(labels, place.Offset + (sizeof(short) * (long)pixels));
        return new(hu, labels, place.Height, place.Width);
    }

    public void Dispose() => _file.Dispose();

    private Place[] Of(int index, bool withBlood) => withBlood ? _cases[index].WithBlood : _cases[index].All;

    private void ReadExactly(Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(_file, target, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("the temporary file of the cases was cut off");
            }

            target = target[read..];
            offset += read;
        }
    }

    private sealed record Place(long Offset, int Height, int Width, bool HasBlood);

    private sealed record Case(Place[] All, Place[] WithBlood);
}
