using System.Buffers.Binary;
using System.IO.Compression;
using HemoApi.Imaging.Export;
using HemoApi.Imaging.Import;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;

namespace HemoApi.Imaging.Tests.Import;

/// <summary>Masks that nibabel has written, read onto the grid of their series.</summary>
public sealed class NiftiLabelReaderTests
{
    private static readonly VolumeGeometry Oblique = Stacks.Even(
        11, 9, 6, new Vector3D(0.96, 0.28, 0), new Vector3D(-0.28 * 0.8, 0.96 * 0.8, -0.6), new Vector3D(-0.28 * 0.6, 0.96 * 0.6, 0.8) * 5,
        rowSpacingMm: 0.75, columnSpacingMm: 0.5, origin: new Vector3D(-31.5, 12.25, -140));

    [Fact]
    public void Axes_in_any_order_and_direction_give_the_same_labels()
    {
        var mask = Scattered(Oblique);

        var files = Variants(
            mask,
            """
            from itertools import permutations, product
            for n, (order, flips) in enumerate(product(permutations(range(3)), product((1, -1), repeat=3))):
                turned = mask.as_reoriented(numpy.stack([order, flips], axis=1).astype(float))
                nibabel.save(turned, f'{folder}/{n}.nii.gz')
            """);

        Assert.Equal(48, files.Count);
        Assert.All(files, file => Assert.Equal(mask.Labels, Read(file, Oblique).Value.Labels));
    }

    [Fact]
    public void Every_type_of_number_in_both_byte_orders_and_with_a_scale_gives_the_same_labels()
    {
        var mask = Scattered(Oblique);

        var files = Variants(
            mask,
            """
            labels = numpy.asarray(mask.dataobj)
            for kind in 'u1 i1 u2 i2 u4 i4 u8 i8 f4 f8'.split():
                for order in '<>':
                    header = nibabel.Nifti1Header(endianness=order)
                    header.set_data_dtype(numpy.dtype(order + kind))
                    nibabel.save(nibabel.Nifti1Image(labels.astype(kind), mask.affine, header), f'{folder}/{"le" if order == "<" else "be"}{kind}.nii')
            scaled = nibabel.Nifti1Image((labels.astype('i2') * 2 + 10), mask.affine)
            nibabel.save(scaled, f'{folder}/scaled.nii')
            raw = bytearray(open(f'{folder}/scaled.nii', 'rb').read())
            struct.pack_into('<2f', raw, 112, 0.5, -5)
            open(f'{folder}/scaled.nii', 'wb').write(raw)
            numpy.testing.assert_array_equal(nibabel.load(f'{folder}/scaled.nii').get_fdata(), labels)
            """);

        Assert.Equal(21, files.Count);
        Assert.All(files, file => Assert.Equal(mask.Labels, Read(file, Oblique).Value.Labels));
    }

    [Fact]
    public void A_qform_alone_and_extensions_before_the_voxels_are_read()
    {
        var mask = Scattered(Oblique);

        var files = Variants(
            mask,
            """
            quaternion = nibabel.Nifti1Image(numpy.asarray(mask.dataobj), None, mask.header)
            quaternion.set_qform(mask.affine, 1)
            quaternion.set_sform(None, 0)
            nibabel.save(quaternion, f'{folder}/qform.nii.gz')
            assert nibabel.load(f'{folder}/qform.nii.gz').header['sform_code'] == 0
            mask.header.extensions.append(nibabel.nifti1.Nifti1Extension('comment', b'x' * 9000))
            nibabel.save(mask, f'{folder}/extended.nii.gz')
            """);

        Assert.Equal(2, files.Count);
        Assert.All(files, file => Assert.Equal(mask.Labels, Read(file, Oblique).Value.Labels));
    }

    [Fact]
    public void Tilted_and_uneven_series_take_masks_on_the_grid_of_their_own_files()
    {
        VolumeGeometry[] series =
        [
            Stacks.Tilted(12, 10, 8, degrees: 18.5, spacingMm: 0.5, tableStepMm: 5),
            Stacks.AxialAt(8, 7, spacingMm: 1, thicknessMm: 5, 10, 15, 20, 28, 33),
            Stacks.Axial(6, 5, 1),
        ];
        Assert.All(series, geometry =>
        {
            var mask = Scattered(geometry);
            using var file = Written(mask);
            Assert.Equal(mask.Labels, NiftiLabelReader.Read(file, geometry, null, CancellationToken.None).Value.Labels);
        });
    }

    [Fact]
    public void A_mask_of_one_type_is_that_type_wherever_it_is_not_zero()
    {
        var mask = Scattered(Oblique);
        using var file = Written(mask);

        var read = NiftiLabelReader.Read(file, Oblique, HemorrhageType.Sdh, CancellationToken.None).Value;

        Assert.Equal(mask.Labels.Select(label => label == 0 ? 0 : 3), read.Labels.Select(label => (int)label));
    }

    [Fact]
    public void Other_grids_are_refused_with_their_difference()
    {
        var mask = Scattered(Oblique);
        var smaller = Stacks.Axial(11, 9, 5);
        using var sizes = Written(Scattered(smaller));
        Assert.Contains("11 × 9 × 5", Refused(sizes, FaultCodes.ReferenceGridMismatch), StringComparison.Ordinal);

        foreach (var (shift, isTaken) in new[] { (0.09, true), (0.11, false), (40, false) })
        {
            var moved = new VolumeGeometry(
                11, 9, Oblique.RowDirection, Oblique.ColumnDirection, 0.75, 0.5,
                [.. Oblique.Slices.Select(s => s with { OriginLpsMm = s.OriginLpsMm + new Vector3D(0, shift, 0) })]);
            using var file = Written(new LabelVolume(moved, mask.Labels));
            Assert.Equal(isTaken, NiftiLabelReader.Read(file, Oblique, null, CancellationToken.None).TryGet(out _, out var fault));
            Assert.True(isTaken || fault!.Code == FaultCodes.ReferenceGridMismatch);
        }
    }

    [Theory]
    [InlineData("no header", FaultCodes.NiftiInvalid)]
    [InlineData("nothing", FaultCodes.NiftiInvalid)]
    [InlineData("cut off", FaultCodes.NiftiInvalid)]
    [InlineData("damaged gzip", FaultCodes.NiftiInvalid)]
    [InlineData("no dimensions", FaultCodes.NiftiInvalid)]
    [InlineData("offset beyond the end", FaultCodes.NiftiInvalid)]
    [InlineData("orientation not finite", FaultCodes.NiftiInvalid)]
    [InlineData("bits of another type", FaultCodes.NiftiInvalid)]
    [InlineData("complex", FaultCodes.NiftiUnsupported)]
    [InlineData("header of a pair", FaultCodes.NiftiUnsupported)]
    [InlineData("several volumes", FaultCodes.NiftiUnsupported)]
    [InlineData("no orientation", FaultCodes.NiftiUnsupported)]
    [InlineData("metres", FaultCodes.NiftiUnsupported)]
    [InlineData("label 4", FaultCodes.ReferenceLabels)]
    public void Bad_files_are_refused_by_code(string damage, string code)
    {
        using var written = Written(Scattered(Oblique));
        using var unzipped = new MemoryStream();
        new GZipStream(written, CompressionMode.Decompress).CopyTo(unzipped);
        var file = unzipped.ToArray();
        void Short(int at, short value) => BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), value);
        void Float(int at, float value) => BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(at), value);
        switch (damage)
        {
            case "no header": file = new byte[5000]; break;
            case "nothing": file = []; break;
            case "cut off": file = file[..^1]; break;
            case "damaged gzip": file = [.. written.ToArray()[..60], 0xFF, 0xFF, 0xFF, .. written.ToArray()[63..]]; break;
            case "no dimensions": Short(42, 0); break;
            case "offset beyond the end": Float(108, 100_000); break;
            case "orientation not finite": Float(280, float.NaN); break;
            case "bits of another type": Short(72, 16); break;
            case "complex": Short(70, 32); break;
            case "header of a pair": file[345] = (byte)'i'; break;
            case "several volumes": (file[40], file[48]) = (4, 2); break;
            case "no orientation": Short(252, 0); Short(254, 0); break;
            case "metres": file[123] = 1; break;
            case "label 4": file[^1] = 4; break;
            default: throw new ArgumentOutOfRangeException(nameof(damage));
        }

        Refused(new MemoryStream(file), code);
    }

    [Fact]
    public void A_header_that_claims_more_voxels_than_the_series_has_takes_no_memory_for_them()
    {
        using var written = Written(Scattered(Oblique));
        using var unzipped = new MemoryStream();
        new GZipStream(written, CompressionMode.Decompress).CopyTo(unzipped);
        var file = unzipped.ToArray();
        for (var axis = 0; axis < 3; axis++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(42 + (2 * axis)), short.MaxValue);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(new MemoryStream(file), FaultCodes.ReferenceGridMismatch);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>Every label, at places that no flip or swap leaves where they are.</summary>
    private static LabelVolume Scattered(VolumeGeometry geometry) =>
        new(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(i => (byte)((i * 2654435761L % 97) switch { < 60 => 0, < 75 => 1, < 88 => 2, _ => 3 }))]);

    private static MemoryStream Written(LabelVolume mask)
    {
        var file = new MemoryStream();
        NiftiWriter.WriteMask(mask, file);
        file.Position = 0;
        return file;
    }

    /// <summary>The files that a script makes of a mask with nibabel; it finds <c>mask</c> and <c>folder</c>.</summary>
    private static List<byte[]> Variants(LabelVolume mask, string script)
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        using var folder = new TemporaryFolder();
        using var variants = new TemporaryFolder();
        using (var file = File.Create(folder["mask.nii.gz"]))
        {
            NiftiWriter.WriteMask(mask, file);
        }

        ExternalTools.Python($"import nibabel, numpy, struct, sys\nmask, folder = nibabel.load(sys.argv[1]), sys.argv[2]\n{script}", folder["mask.nii.gz"], variants.FullPath);
        return [.. Directory.EnumerateFiles(variants.FullPath).Select(File.ReadAllBytes)];
    }

    private static Outcome<LabelVolume> Read(byte[] file, VolumeGeometry geometry) => NiftiLabelReader.Read(new MemoryStream(file), geometry, null, CancellationToken.None);

    private static string Refused(Stream file, string code)
    {
        Assert.False(NiftiLabelReader.Read(file, Oblique, null, CancellationToken.None).TryGet(out _, out var fault));
        Assert.Equal(code, fault.Code);
        return fault.Detail;
    }
}
