namespace HemoApi.Imaging.Dicom;

/// <summary>Steps through what one sequence or one item holds (PS3.5 section 7.5), whether its length is stated or a delimiter ends it.</summary>
internal readonly struct SequenceReader
{
    private readonly ElementReader _elements;
    private readonly ElementHead _container;
    private readonly bool _isSequence;
    private readonly long _end;

    /// <param name="container">A sequence or item whose content comes next in the elements.</param>
    /// <param name="encoding">Of the data set that holds it.</param>
    public SequenceReader(ElementReader elements, ElementHead container, TransferSyntax encoding)
    {
        _elements = elements;
        _container = container;
        _isSequence = container.Tag != DicomTags.Item;
        _end = container.HasUndefinedLength ? long.MaxValue : elements.Source.Offset + container.Length;

        // A sequence under VR UN is encoded as implicit VR little endian (PS3.5 6.2.2 note 2).
        Encoding = container.Vr == DicomVr.UN ? TransferSyntax.ImplicitLittleEndian : encoding;
    }

    /// <summary>Of the content.</summary>
    public TransferSyntax Encoding { get; }

    /// <summary>The next item of a sequence or attribute of an item, whose value the caller reads or skips; null at the end.</summary>
    public Fault? Next(out ElementHead? head)
    {
        head = null;
        if (_elements.Source.Offset >= _end)
        {
            return _elements.Source.Offset == _end
                ? null
                : DicomFaults.Malformed("what a sequence holds is longer than the sequence", _container.Tag, _container.Offset);
        }

        var fault = _elements.Next(Encoding, out var next);
        if (fault is not null || next is not { } inner)
        {
            return fault ?? _elements.Truncated(_container);
        }

        if (_container.HasUndefinedLength && inner.Tag == (_isSequence ? DicomTags.SequenceDelimitation : DicomTags.ItemDelimitation))
        {
            return null;
        }

        if (_isSequence ? inner.Tag != DicomTags.Item : inner.Tag.Group == DicomTags.Item.Group)
        {
            return DicomFaults.Malformed("a sequence is not made of items", inner.Tag, inner.Offset);
        }

        head = inner;
        return null;
    }
}
