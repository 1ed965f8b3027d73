using System.Globalization;
using HemoApi.Imaging.Import;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Import;

/// <summary>DICOM segmentations that pydicom has written, read onto the grid of their series.</summary>
public sealed class SegmentationReaderTests
{
    /// <summary>9 × 11 pixels are no whole number of bytes; the slices are unevenly spaced and leave out one.</summary>
    private static readonly VolumeGeometry Uneven = Stacks.AxialAt(11, 9, spacingMm: 0.5, thicknessMm: 5, 10, 15, 20, 28, 33);

    private const string Writer =
        """
        import json, numpy, pydicom, sys
        from pydicom.dataset import Dataset, FileMetaDataset
        from pydicom.pixel_data_handlers.numpy_handler import pack_bits
        labels = numpy.frombuffer(open(sys.argv[1], 'rb').read(), numpy.uint8).reshape([int(n) for n in sys.argv[2].split()])
        origins, spacing, change = json.loads(sys.argv[3]), float(sys.argv[4]), sys.argv[6]
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.SOPClassUID = '1.2.840.10008.5.1.4.1.1.66.4' if change != 'not a segmentation' else '1.2.840.10008.5.1.4.1.1.7'
        ds.SOPInstanceUID = '1.2.3.4'
        ds.Modality, ds.SegmentationType = 'SEG', 'FRACTIONAL' if change == 'fractional' else 'BINARY'
        ds.BitsAllocated = ds.BitsStored = 1
        ds.HighBit = ds.PixelRepresentation = 0
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, 'MONOCHROME2'
        def item(**values):
            i = Dataset()
            for k, v in values.items(): setattr(i, k, v)
            return i
        names = {1: ('Intraparenchymal hemorrhage', 'Hemorrhage'), 2: ('Blood 2', 'Epidural hemorrhage'), 3: ('SDH left', 'Hemorrhage')}
        if change == 'no type': names[2] = ('Which one', 'Hemorrhage')
        ds.SegmentSequence = [item(SegmentNumber=n, SegmentLabel=l, SegmentAlgorithmType='MANUAL',
            SegmentedPropertyTypeCodeSequence=[item(CodeValue='1', CodingSchemeDesignator='99X', CodeMeaning=m)]) for n, (l, m) in names.items()]
        turned = change == 'turned'
        ds.SharedFunctionalGroupsSequence = [item(
            PixelMeasuresSequence=[item(PixelSpacing=[spacing, spacing], SliceThickness=5)],
            PlaneOrientationSequence=[item(ImageOrientationPatient=[0, -1, 0, 1, 0, 0] if turned else [1, 0, 0, 0, 1, 0])])]
        frames, planes = [], []
        for segment in (1, 2, 3):
            for k in reversed(range(len(labels))):
                plane = (labels[k] == segment)
                if change == 'overlap' and segment == 2: plane = plane | (labels[k] == 1)
                if not plane.any(): continue
                position = list(origins[k])
                if turned:
                    plane = plane[::-1].T
                    position[1] += spacing * (labels.shape[1] - 1)
                if change == 'elsewhere': position[2] += 2.5
                planes.append(plane)
                frames.append(item(PlanePositionSequence=[item(ImagePositionPatient=position)],
                    SegmentIdentificationSequence=[item(ReferencedSegmentNumber=segment)]))
        ds.PerFrameFunctionalGroupsSequence = frames
        ds.NumberOfFrames, ds.Rows, ds.Columns = len(frames), *planes[0].shape
        packed = pack_bits(numpy.stack(planes).astype(numpy.uint8).ravel())
        packed += b'\0' * (len(packed) % 2)
        ds.PixelData = packed[:-4] if change == 'cut off' else packed
        ds['PixelData'].VR = 'OB'
        implicit = change == 'implicit'
        ds.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian if implicit else pydicom.uid.ExplicitVRLittleEndian
        ds.is_little_endian, ds.is_implicit_VR = True, implicit
        if change == 'undefined lengths':
            for e in ds.iterall():
                if e.VR == 'SQ':
                    e.is_undefined_length = True
                    for i in e.value: i.is_undefined_length_sequence_item = True
        ds.save_as(sys.argv[5], write_like_original=False)
        numpy.testing.assert_array_equal(pydicom.dcmread(sys.argv[5]).pixel_array.reshape(-1), numpy.stack(planes).ravel()) if change != 'cut off' else None
        """;

    [Theory]
    [InlineData("as it is")]
    [InlineData("implicit")]
    [InlineData("undefined lengths")]
    [InlineData("turned")]
    public void Frames_go_where_their_own_positions_say_and_segments_are_types_by_their_names(string change)
    {
        var mask = Scattered();

        Assert.Equal(mask.Labels, Read(mask, change).Value.Labels);
    }

    [Fact]
    public void One_type_that_the_caller_names_holds_for_every_segment()
    {
        var mask = Scattered();

        Assert.Equal(mask.Labels.Select(l => l == 0 ? 0 : 2), Read(mask, "no type", HemorrhageType.Edh).Value.Labels.Select(l => (int)l));
    }

    [Theory]
    [InlineData("not a segmentation", FaultCodes.MediaUnsupported)]
    [InlineData("fractional", FaultCodes.ReferenceLabels)]
    [InlineData("no type", FaultCodes.ReferenceLabels)]
    [InlineData("overlap", FaultCodes.ReferenceLabels)]
    [InlineData("elsewhere", FaultCodes.ReferenceGridMismatch)]
    [InlineData("cut off", FaultCodes.DicomMalformed)]
    public void What_cannot_be_placed_or_told_is_refused_by_code(string change, string code) =>
        Assert.Equal(code, Read(Scattered(), change).Fault?.Code);

    /// <summary>Every label; the slice in the middle holds none, so it has no frame.</summary>
    private static LabelVolume Scattered()
    {
        var size = Uneven.Rows * Uneven.Columns;
        return new(Uneven, [.. Enumerable.Range(0, (int)Uneven.VoxelCount).Select(i => (byte)(i / size == 2 ? 0 : (i * 2654435761L % 97) switch { < 60 => 0, < 75 => 1, < 88 => 2, _ => 3 }))]);
    }

    private static Outcome<LabelVolume> Read(LabelVolume mask, string change, HemorrhageType? type = null)
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["labels"], mask.Labels);
        var origins = string.Join(", ", mask.Geometry.Slices.Select(s => string.Create(CultureInfo.InvariantCulture, $"[{s.OriginLpsMm.X}, {s.OriginLpsMm.Y}, {s.OriginLpsMm.Z}]")));
        ExternalTools.Python(Writer, folder["labels"], $"{mask.Geometry.SliceCount} {mask.Geometry.Rows} {mask.Geometry.Columns}", $"[{origins}]", "0.5", folder["seg.dcm"], change);
        using var file = File.OpenRead(folder["seg.dcm"]);
        return SegmentationReader.Read(file, mask.Geometry, type, CancellationToken.None);
    }
}
