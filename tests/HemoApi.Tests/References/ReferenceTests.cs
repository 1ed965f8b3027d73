using System.Net.Http.Json;
using System.Text.Json;
using HemoApi.Hosting;
using HemoApi.Imaging.Masks;
using HemoApi.Imaging.Tests;
using HemoApi.Imaging.Tests.Masks;
using HemoApi.Imaging.Volumes;
using HemoApi.Tests.Hosting;

namespace HemoApi.Tests.References;

public sealed class ReferenceTests
{
    private static readonly string[] All = [Scopes.StudiesRead, Scopes.StudiesWrite, Scopes.EvaluationsWrite];

    [Fact]
    public async Task A_mask_comes_back_as_it_was_drawn_whatever_the_order_of_its_axes()
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["drawn.nii.gz"], ReferenceCalls.Drawn(beyondMm: 1).Nifti());
        ExternalTools.Python(
            """
            import nibabel, numpy, sys
            drawn = nibabel.load(sys.argv[1])
            nibabel.save(drawn.as_reoriented(numpy.array([[2, -1], [0, 1], [1, -1]], float)), sys.argv[2])
            """,
            folder["drawn.nii.gz"],
            folder["turned.nii"]);

        using var answer = await client.PostReference(study, File.ReadAllBytes(folder["turned.nii"]), "?reader=r1", "application/octet-stream");
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True((int)answer.StatusCode == 201, document.ToString());
        Assert.Equal(document.Link("self"), answer.Headers.Location?.ToString());
        Assert.Equal(("r1", "nifti"), (document.GetProperty("reader").GetString(), document.GetProperty("format").GetString()));
        Assert.Equal(document.ToString(), (await client.GetFromJsonAsync<JsonElement>(document.Link("self"))).ToString());
        var list = await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{study}/references");
        Assert.Equal(document.ToString(), Assert.Single(list.GetProperty("items").EnumerateArray()).ToString());

        File.WriteAllBytes(folder["back.nii.gz"], await client.GetByteArrayAsync(document.Link("mask")));
        File.WriteAllBytes(folder["ours.nii.gz"], await client.GetByteArrayAsync($"/api/v1/studies/{study}/results/mask.nii.gz"));
        var ml = double.Parse(
            ExternalTools.Python(
                """
                import nibabel, numpy, sys
                drawn, back, ours = [nibabel.load(path) for path in sys.argv[1:]]
                numpy.testing.assert_array_equal(numpy.asarray(back.dataobj), numpy.asarray(drawn.dataobj))
                numpy.testing.assert_allclose(back.affine, ours.affine)
                print(numpy.count_nonzero(numpy.asarray(drawn.dataobj) == 1) * abs(numpy.linalg.det(drawn.affine)) / 1000)
                """,
                folder["drawn.nii.gz"],
                folder["back.nii.gz"],
                folder["ours.nii.gz"]),
            System.Globalization.CultureInfo.InvariantCulture);
        var volumes = document.GetProperty("volumes").EnumerateArray().ToDictionary(v => v.GetProperty("type").GetString()!, v => v.GetProperty("volumeMl").GetDouble());
        Assert.Equal(ml, volumes["ICH"], 1e-4);
        Assert.Equal((0.0, 0.0), (volumes["EDH"], volumes["SDH"]));
    }

    [Fact]
    public async Task A_tilted_scan_takes_a_mask_on_the_grid_of_its_own_image()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        var study = await client.Finished(Tilted());
        var mask = await client.GetByteArrayAsync($"/api/v1/studies/{study}/results/mask.nii.gz");

        using var answer = await client.PostReference(study, mask);
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.True((int)answer.StatusCode == 201, document.ToString());
        Assert.Equal(mask, await client.GetByteArrayAsync(document.Link("mask")));
        var orthogonal = await client.GetByteArrayAsync($"/api/v1/studies/{study}/results/mask.nii.gz?grid=orthogonal");
        await CallerTests.Refused(await client.PostReference(study, orthogonal, "?reader=r2"), 422, "reference.grid_mismatch");
    }

    [Fact]
    public async Task A_DICOM_segmentation_is_a_mask_too()
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        var drawn = ReferenceCalls.Drawn(beyondMm: 1);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["labels"], drawn.Labels);
        ExternalTools.Python(
            """
            import numpy, pydicom, sys
            from pydicom.dataset import Dataset, FileMetaDataset
            from pydicom.pixel_data_handlers.numpy_handler import pack_bits
            labels = numpy.frombuffer(open(sys.argv[1], 'rb').read(), numpy.uint8).reshape(31, 96, 128)
            def item(**values):
                i = Dataset()
                for k, v in values.items(): setattr(i, k, v)
                return i
            slices = [k for k in range(31) if labels[k].any()]
            ds = item(SOPClassUID='1.2.840.10008.5.1.4.1.1.66.4', SOPInstanceUID='1.2.3', Modality='SEG', SegmentationType='BINARY',
                BitsAllocated=1, BitsStored=1, HighBit=0, PixelRepresentation=0, SamplesPerPixel=1, PhotometricInterpretation='MONOCHROME2',
                Rows=96, Columns=128, NumberOfFrames=len(slices), SegmentSequence=[item(SegmentNumber=1, SegmentLabel='ICH')],
                SharedFunctionalGroupsSequence=[item(PixelMeasuresSequence=[item(PixelSpacing=[1, 1])],
                    PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])], SegmentIdentificationSequence=[item(ReferencedSegmentNumber=1)])],
                PerFrameFunctionalGroupsSequence=[item(PlanePositionSequence=[item(ImagePositionPatient=[0, 0, 2.5 * k])]) for k in slices],
                PixelData=pack_bits((labels[slices] == 1).astype(numpy.uint8).ravel()))
            ds['PixelData'].VR = 'OB'
            ds.file_meta = FileMetaDataset()
            ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
            ds.is_little_endian, ds.is_implicit_VR = True, False
            ds.save_as(sys.argv[2], write_like_original=False)
            """,
            folder["labels"],
            folder["seg.dcm"]);

        using var answer = await client.PostReference(study, File.ReadAllBytes(folder["seg.dcm"]), "?reader=r1", "application/dicom");
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.True((int)answer.StatusCode == 201, document.ToString());
        Assert.Equal("dicomSeg", document.GetProperty("format").GetString());
        Assert.Equal(drawn.Nifti(), await client.GetByteArrayAsync(document.Link("mask")));
    }

    [Fact]
    public async Task What_is_refused_says_why_and_leaves_nothing_behind()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        var before = Files(service);
        var drawn = ReferenceCalls.Drawn().Nifti();
        var elsewhere = Stacks.Axial(128, 96, 30, spacingMm: 1, sliceSpacingMm: 2.5).DrawMask(_ => null).Nifti();

        await CallerTests.Refused(await client.PostReference(study, elsewhere), 422, "reference.grid_mismatch");
        await CallerTests.Refused(await client.PostReference(study, drawn[..^2000]), 422, "nifti.invalid");
        await CallerTests.Refused(await client.PostReference(study, [1, 2, 3]), 422, "nifti.invalid");
        await CallerTests.Refused(await client.PostReference(study, []), 400, "upload.empty");
        await CallerTests.Refused(await client.PostReference(study, drawn, mediaType: "text/plain"), 415, "media.unsupported");
        await CallerTests.Refused(await client.PostReference(study, drawn, "?reader=Dr.%20Who"), 400, "request.invalid");
        await CallerTests.Refused(await client.PostReference(study, drawn, "?reader=majority"), 400, "request.invalid");
        await CallerTests.Refused(await client.PostReference(study, drawn, "?type=SAH"), 400, "request.invalid");
        await CallerTests.Refused(await client.PostReference(Guid.NewGuid(), drawn), 404, "not_found");

        Assert.Equal(before, Files(service));
        Assert.Empty((await client.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{study}/references")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_reader_has_one_mask_of_a_study_until_it_is_deleted()
    {
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        var before = Files(service);
        var first = await client.AddReference(study, ReferenceCalls.Drawn(), "?reader=r1");

        await CallerTests.Refused(await client.PostReference(study, ReferenceCalls.Drawn(beyondMm: 1).Nifti(), "?reader=r1"), 409, "reference.exists");
        await client.AddReference(study, ReferenceCalls.Drawn(beyondMm: 1), "?reader=r2&type=SDH");
        Assert.Equal(before.Length + 2, Files(service).Length);

        Assert.Equal(204, (int)(await client.DeleteAsync(first.Link("self"))).StatusCode);
        await CallerTests.Refused(await client.GetAsync(first.Link("self")), 404, "not_found");
        await CallerTests.Refused(await client.GetAsync(first.Link("mask")), 404, "not_found");
        await CallerTests.Refused(await client.DeleteAsync(first.Link("self")), 404, "not_found");
        await client.AddReference(study, ReferenceCalls.Drawn(beyondMm: 1), "?reader=r1");

        Assert.Equal(204, (int)(await client.DeleteAsync($"/api/v1/studies/{study}")).StatusCode);
        Assert.Empty(Files(service));
        await CallerTests.Refused(await client.GetAsync($"/api/v1/studies/{study}/references"), 410, "gone");
    }

    [Fact]
    public async Task References_are_for_their_tenant_and_writing_them_takes_its_own_scope()
    {
        await using var service = await TestService.Start();
        var (mine, _, _) = await service.Client("a", All);
        var (theirs, _, _) = await service.Client("b", All);
        var (reader, _, _) = await service.Client("a", Scopes.StudiesRead, Scopes.StudiesWrite);
        var study = await mine.Finished(new HeadStudy());
        var document = await mine.AddReference(study, ReferenceCalls.Drawn());

        await CallerTests.Refused(await theirs.PostReference(study, ReferenceCalls.Drawn().Nifti(), "?reader=r2"), 404, "not_found");
        foreach (var path in (string[])[document.Link("self"), document.Link("mask"), $"/api/v1/studies/{study}/references", $"/api/v1/studies/{study}/references/consensus.nii.gz"])
        {
            await CallerTests.Refused(await theirs.GetAsync(path), 404, "not_found");
        }

        await CallerTests.Refused(await theirs.DeleteAsync(document.Link("self")), 404, "not_found");
        await CallerTests.Refused(await reader.PostReference(study, ReferenceCalls.Drawn().Nifti(), "?reader=r2"), 403, "auth.scope");
        await CallerTests.Refused(await reader.DeleteAsync(document.Link("self")), 403, "auth.scope");
        Assert.True((await reader.GetAsync(document.Link("mask"))).IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_majority_of_three_readers_is_what_two_of_them_marked_and_STAPLE_stands_beside_it()
    {
        ExternalTools.RequirePython("nibabel", "numpy");
        await using var service = await TestService.Start();
        var (client, _, _) = await service.Client("a", All);
        var study = await client.Finished(new HeadStudy());
        var consensus = $"/api/v1/studies/{study}/references/consensus.nii.gz";
        LabelVolume[] drawn = [ReferenceCalls.Drawn(), ReferenceCalls.Drawn(beyondMm: 1.5, shiftMm: 2), ReferenceCalls.Drawn(beyondMm: -1, shiftMm: -3)];
        using var folder = new TemporaryFolder();
        for (var r = 0; r < 3; r++)
        {
            if (r < 2)
            {
                await CallerTests.Refused(await client.GetAsync(consensus), 422, "evaluation.empty");
            }

            await client.AddReference(study, drawn[r], $"?reader=r{r}");
            File.WriteAllBytes(folder[$"r{r}.nii.gz"], drawn[r].Nifti());
        }

        File.WriteAllBytes(folder["majority.nii.gz"], await client.GetByteArrayAsync(consensus));
        File.WriteAllBytes(folder["staple.nii.gz"], await client.GetByteArrayAsync($"{consensus}?method=staple"));
        ExternalTools.Python(
            """
            import nibabel, numpy, sys
            load = lambda name: numpy.asarray(nibabel.load(f'{sys.argv[1]}/{name}.nii.gz').dataobj)
            votes = sum((load(f'r{r}') == 1).astype(int) for r in range(3))
            numpy.testing.assert_array_equal(load('majority'), numpy.where(votes >= 2, 1, 0))
            staple = load('staple')
            assert (staple[votes == 3] == 1).all() and (staple[votes == 0] == 0).all() and staple.any()
            """,
            folder.FullPath);
        await CallerTests.Refused(await client.GetAsync($"{consensus}?method=mean"), 400, "request.invalid");
    }

    private static HeadStudy Tilted()
    {
        var (cos, sin) = (Math.Cos(Math.PI / 9), Math.Sin(Math.PI / 9));
        return new HeadStudy
        {
            Name = "tilted",
            Change = dataset => dataset.Decimals(HemoApi.Imaging.Dicom.DicomTags.ImageOrientationPatient, 1, 0, 0, 0, cos, -sin),
        };
    }

    private static string[] Files(TestService service) =>
    [
        .. TestStorage.Blobs(service.Folder),
        .. Path.Combine(service.Folder, "incoming") is var incoming && Directory.Exists(incoming) ? Directory.GetFiles(incoming) : [],
    ];
}
