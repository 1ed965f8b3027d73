namespace HemoApi.Imaging.Dicom;

/// <summary>Attributes of a data set or of an item of a sequence, as a copy will hold them: ascending by tag, numbers in little endian.</summary>
internal sealed class CopiedItem
{
    private readonly SortedDictionary<DicomTag, (DicomVr Vr, byte[] Value, IReadOnlyList<CopiedItem>? Items)> _elements = [];

    /// <summary>Unless the attribute is there already.</summary>
    public void Add(DicomTag tag, DicomVr vr, byte[] value) => _elements.TryAdd(tag, (vr, value, null));

    public void Set(DicomTag tag, DicomVr vr, byte[] value) => _elements[tag] = (vr, value, null);

    public void SetSequence(DicomTag tag, IReadOnlyList<CopiedItem> items) => _elements[tag] = (DicomVr.SQ, [], items);

    public byte[]? Find(DicomTag tag) => _elements.TryGetValue(tag, out var element) ? element.Value : null;

    /// <summary>Every value at every depth becomes what the rules make of it.</summary>
    public void Apply(IdentityRules rules, DicomInstance image)
    {
        foreach (var (tag, (vr, value, items)) in _elements.ToArray())
        {
            foreach (var item in items ?? [])
            {
                item.Apply(rules, image);
            }

            if (items is null && rules.Apply(tag, value, image) is { } kept)
            {
                _elements[tag] = (vr, kept, null);
            }
            else if (items is null)
            {
                _elements.Remove(tag);
            }
        }
    }

    /// <summary>In explicit VR little endian.</summary>
    public void Write(Stream target)
    {
        foreach (var (tag, (vr, value, items)) in _elements)
        {
            DicomFileWriter.WriteHead(target, tag, vr, items is null ? (uint)value.Length : DicomFileWriter.UndefinedLength);
            target.Write(value);
            if (items is null)
            {
                continue;
            }

            foreach (var item in items)
            {
                DicomFileWriter.WriteHead(target, DicomTags.Item, DicomVr.None, DicomFileWriter.UndefinedLength);
                item.Write(target);
                DicomFileWriter.WriteHead(target, DicomTags.ItemDelimitation, DicomVr.None, 0);
            }

            DicomFileWriter.WriteHead(target, DicomTags.SequenceDelimitation, DicomVr.None, 0);
        }
    }
}
