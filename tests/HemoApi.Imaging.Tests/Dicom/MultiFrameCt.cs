using System.Runtime.InteropServices;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Multi-frame CT files that pydicom writes and pydicom reads, so that neither end of a comparison is ours.</summary>
internal static class MultiFrameCt
{
    public const int Frames = 10;
    public const int Rows = 20;
    public const int Columns = 17;

    /// <summary>Options are words: legacy, implicit, big, deflated, undefined (lengths of sequences), unknown (VR of the functional groups),
    /// unsigned, signed16, rle (with empty, basic or extended offset table), bot, eot. Frames lie out of order, and each has its own rescale.</summary>
    private const string Writer =
        """
        import sys, struct, numpy, pydicom
        from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
        from pydicom.sequence import Sequence
        from pydicom.uid import *
        from pydicom.encaps import encapsulate, encapsulate_extended
        from pydicom.pixel_data_handlers.rle_handler import rle_encode_frame
        path, options, n, rows, columns = sys.argv[1], sys.argv[2].split(), *map(int, sys.argv[3:6])
        def item(**values):
            d = Dataset()
            for key, value in values.items(): setattr(d, key, value)
            return d
        def one(**values): return Sequence([item(**values)])
        legacy = 'legacy' in options
        uid = lambda name: generate_uid(prefix='1.2.826.0.1.3680043.8.498.', entropy_srcs=[name])
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.2.2' if legacy else '1.2.840.10008.5.1.4.1.1.2.1'
        meta.MediaStorageSOPInstanceUID = uid('instance')
        meta.TransferSyntaxUID = (ImplicitVRLittleEndian if 'implicit' in options else ExplicitVRBigEndian if 'big' in options
            else DeflatedExplicitVRLittleEndian if 'deflated' in options else RLELossless if 'rle' in options else ExplicitVRLittleEndian)
        d = FileDataset(path, {}, file_meta=meta, preamble=b'\0' * 128)
        d.is_implicit_VR, d.is_little_endian = 'implicit' in options, 'big' not in options
        d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = uid('study'), uid('series'), uid('frame')
        d.Modality, d.PatientID, d.PatientName, d.Manufacturer = 'CT', 'PHANTOM', 'Phantom^Head', 'HemoApi'
        d.PatientBirthDate, d.PatientSex, d.StudyID, d.AccessionNumber, d.ReferringPhysicianName = '', 'O', '', '', ''
        d.SeriesNumber, d.InstanceNumber = 2, 1
        d.StudyDate = d.ContentDate = d.SeriesDate = '20240229'
        d.StudyTime = d.ContentTime = d.SeriesTime = '134502'
        d.AcquisitionDateTime = '20240229134502'
        d.ManufacturerModelName, d.DeviceSerialNumber, d.SoftwareVersions = 'Phantom', '1', '1'
        d.ImageType = ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE']
        d.PatientPosition, d.BodyPartExamined = 'HFS', 'HEAD'
        signed = 'signed16' in options
        bits = 16 if signed else 12
        d.SamplesPerPixel, d.PhotometricInterpretation, d.NumberOfFrames = 1, 'MONOCHROME2', n
        d.Rows, d.Columns, d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = rows, columns, 16, bits, bits - 1, int(signed)
        d.BurnedInAnnotation, d.LossyImageCompression, d.PresentationLUTShape = 'NO', '00', 'IDENTITY'
        d.PixelPresentation, d.VolumetricProperties, d.VolumeBasedCalculationTechnique = 'MONOCHROME', 'VOLUME', 'NONE'
        d.AcquisitionNumber = 1
        shared, frames = Dataset(), []
        shared.PixelMeasuresSequence = one(PixelSpacing=[0.5, 0.25], SliceThickness=5)
        shared.PlaneOrientationSequence = one(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
        if legacy:
            shared.UnassignedSharedConvertedAttributesSequence = one(ConvolutionKernel='STANDARD', KVP=120)
        else:
            shared.CTImageFrameTypeSequence = one(FrameType=['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'], PixelPresentation='MONOCHROME',
                VolumetricProperties='VOLUME', VolumeBasedCalculationTechnique='NONE')
            shared.CTReconstructionSequence = one(ConvolutionKernel='STANDARD', ReconstructionAlgorithm='FILTER_BACK_PROJ')
        order = [(k * 7) % n for k in range(n)]
        rng = numpy.random.default_rng(5)
        pixels = rng.integers(-2000 if signed else 0, 4095, (n, rows, columns)).astype('<i2' if signed else '<u2')
        pixels[:, 5:9, :] = 100
        for k, place in enumerate(order):
            f = Dataset()
            f.FrameContentSequence = one(StackID='1', InStackPositionNumber=place + 1, FrameAcquisitionNumber=1,
                FrameAcquisitionDateTime='20240229134502', FrameReferenceDateTime='20240229134502', FrameAcquisitionDuration=1.0)
            f.PlanePositionSequence = one(ImagePositionPatient=[-100, -120.5, 5.0 * place])
            f.PixelValueTransformationSequence = one(RescaleIntercept=-1024 + place, RescaleSlope=1 + place % 2, RescaleType='HU')
            frames.append(f)
        d.SharedFunctionalGroupsSequence = Sequence([shared])
        d.PerFrameFunctionalGroupsSequence = Sequence(frames)
        if 'undefined' in options:
            d.SharedFunctionalGroupsSequence[0].is_undefined_length_sequence_item = True
            for element in d.iterall():
                if element.VR == 'SQ':
                    element.is_undefined_length = True
                    for i in element.value: i.is_undefined_length_sequence_item = True
        raw = [p.tobytes() for p in pixels]
        if 'rle' in options:
            encoded = [rle_encode_frame(p) for p in pixels]
            if 'eot' in options:
                d.PixelData, d.ExtendedOffsetTable, d.ExtendedOffsetTableLengths = encapsulate_extended(encoded)
            else:
                d.PixelData = encapsulate(encoded, has_bot='bot' in options)
            d['PixelData'].VR, d['PixelData'].is_undefined_length = 'OB', True
        else:
            d.PixelData = pixels.astype('>u2').tobytes() if 'big' in options else b''.join(raw)
            d['PixelData'].VR = 'OW'
        d.save_as(path, write_like_original=False)
        if 'unknown' in options:
            # The two functional groups sequences under VR UN, their content in implicit VR (PS3.5 6.2.2 note 2).
            pydicom.config.replace_un_with_known_vr = False
            from pydicom.filebase import DicomBytesIO
            from pydicom.filewriter import write_sequence
            e = pydicom.dcmread(path)
            for tag in (0x52009229, 0x52009230):
                buffer = DicomBytesIO()
                buffer.is_little_endian, buffer.is_implicit_VR = True, True
                write_sequence(buffer, e[tag], ['iso8859'])
                e[tag] = pydicom.DataElement(tag, 'UN', buffer.getvalue())
            e.save_as(path)
        """;

    /// <summary>HU of the frames by pydicom, the lowest place first, and their positions.</summary>
    private const string Reader =
        """
        import sys, numpy, pydicom
        d = pydicom.dcmread(sys.argv[1])
        places = []
        for k, f in enumerate(d.PerFrameFunctionalGroupsSequence):
            t = f.PixelValueTransformationSequence[0]
            hu = d.pixel_array[k].astype('f8') * float(t.RescaleSlope) + float(t.RescaleIntercept)
            places.append(([float(v) for v in f.PlanePositionSequence[0].ImagePositionPatient], hu))
        places.sort(key=lambda p: p[0][2])
        numpy.array([p[0] for p in places]).astype('<f8').tofile(sys.argv[2])
        numpy.clip([p[1] for p in places], -32768, 32767).astype('<i2').tofile(sys.argv[3])
        """;

    public static void Write(string path, string options, int frames = Frames, int rows = Rows, int columns = Columns)
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        ExternalTools.Python(Writer, path, options, $"{frames}", $"{rows}", $"{columns}");
    }

    public static (Vector3D[] Positions, short[] Hounsfield) ReadWithPydicom(TemporaryFolder folder, string path)
    {
        ExternalTools.Python(Reader, path, folder["positions"], folder["hu"]);
        var positions = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(folder["positions"])).ToArray();
        return (
            [.. positions.Chunk(3).Select(p => new Vector3D(p[0], p[1], p[2]))],
            MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(folder["hu"])).ToArray());
    }
}
