using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Import;

/// <summary>Steps through items and attributes of nested sequences, and reads their few values.</summary>
internal static class DicomWalk
{
    private const int LongestValue = 1024;

    /// <param name="read">For each attribute of each item: reads or skips its value.</param>
    /// <param name="begin">Before each item.</param>
    public static Fault? EachItem(
        ElementReader elements, ElementHead sequence, TransferSyntax encoding, Func<ElementHead, TransferSyntax, Fault?> read, Action? begin = null)
    {
        var items = new SequenceReader(elements, sequence, encoding);
        while (true)
        {
            var fault = items.Next(out var next);
            if (fault is not null || next is not { } item)
            {
                return fault;
            }

            begin?.Invoke();
            var attributes = new SequenceReader(elements, item, items.Encoding);
            while (true)
            {
                fault = attributes.Next(out next);
                if (fault is not null)
                {
                    return fault;
                }

                if (next is not { } attribute)
                {
                    break;
                }

                fault = read(attribute, attributes.Encoding);
                if (fault is not null)
                {
                    return fault;
                }
            }
        }
    }

    public static Fault? Text(ElementReader elements, ElementHead head, Action<string> take)
    {
        var fault = elements.ReadValue(head, LongestValue, out var value);
        if (fault is null)
        {
            take(Encoding.UTF8.GetString(value).Trim(' ', '\0'));
        }

        return fault;
    }

    /// <summary>A US in little endian; nothing is taken of another length.</summary>
    public static Fault? UInt16(ElementReader elements, ElementHead head, Action<int> take)
    {
        var fault = elements.ReadValue(head, LongestValue, out var value);
        if (fault is null && value.Length == 2)
        {
            take(BinaryPrimitives.ReadUInt16LittleEndian(value));
        }

        return fault;
    }

    /// <summary>Decimal strings; nothing is taken where one is not finite.</summary>
    public static Fault? Decimals(ElementReader elements, ElementHead head, Action<double[]> take) => Text(elements, head, text =>
    {
        var parts = text.Split('\\');
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                return;
            }
        }

        take(numbers);
    });
}
