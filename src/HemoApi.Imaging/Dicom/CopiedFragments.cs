using System.Buffers;

namespace HemoApi.Imaging.Dicom;

/// <summary>Copies encapsulated pixel data fragment by fragment (PS3.5 A.4), offset tables as they are.</summary>
internal static class CopiedFragments
{
    /// <summary>What stands before the samples of a JPEG stream: tables of a few kilobytes, and comments.</summary>
    private const int HeadBytes = 256 * 1024;

    public static Fault? Write(ElementReader elements, ElementHead pixelData, Stream target)
    {
        DicomFileWriter.WriteHead(target, DicomTags.PixelData, DicomVr.OB, DicomFileWriter.UndefinedLength);
        var rented = ArrayPool<byte>.Shared.Rent(HeadBytes);
        try
        {
            var fault = elements.NextFragment(pixelData, out var fragment);
            while (fault is null && fragment is { } item)
            {
                fault = WriteFragment(elements, item, target, rented) ?? elements.NextFragment(pixelData, out fragment);
            }

            if (fault is null)
            {
                DicomFileWriter.WriteHead(target, DicomTags.SequenceDelimitation, DicomVr.None, 0);
            }

            return fault;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Fault? WriteFragment(ElementReader elements, ElementHead item, Stream target, byte[] buffer)
    {
        DicomFileWriter.WriteHead(target, DicomTags.Item, DicomVr.None, item.Length);
        var isHead = true;
        for (long left = item.Length; left > 0;)
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(left, HeadBytes));
            if (!elements.Source.TryRead(chunk))
            {
                return elements.Truncated(item);
            }

            if (isHead)
            {
                CompressedComments.Blank(chunk);
                isHead = false;
            }

            target.Write(chunk);
            left -= chunk.Length;
        }

        return null;
    }
}
