using System.Security.Cryptography;
using System.Text.Json;
using System.Runtime.InteropServices;
using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Files that other programs wrote, read by us and by pydicom.</summary>
public class OtherToolsTests
{
    private const string ReadEverything =
        """
        import hashlib, json, os, sys, warnings
        import numpy, pydicom
        warnings.simplefilter('ignore')
        result = {}
        for root, _, names in os.walk(sys.argv[1]):
            for name in names:
                path = os.path.join(root, name)
                row = {}
                try:
                    d = pydicom.dcmread(path, force=True)
                    for key in ('SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID', 'Modality', 'Rows', 'Columns', 'BitsStored'):
                        value = d.get(key)
                        if value is not None and value != '':
                            row[key] = str(value)
                    position = d.get('ImagePositionPatient')
                    if position:
                        row['Position'] = [float(v) for v in position]
                    if 'PixelData' in d:
                        a = d.pixel_array
                        row['Sha256'] = hashlib.sha256(numpy.clip(a, -32768, 32767).astype('<i2').tobytes()).hexdigest()
                except Exception as error:
                    row['Error'] = type(error).__name__
                result[path] = row
        json.dump(result, sys.stdout)
        """;

    [Theory]
    [InlineData("dcmconv", "+ti")]
    [InlineData("dcmconv", "+te")]
    [InlineData("dcmconv", "+tb")]
    [InlineData("dcmconv", "+td")]
    [InlineData("dcmcrle", "")]
    public void Dcmtk_transcodes_what_we_write_and_we_read_the_same_values(string tool, string option)
    {
        using var folder = new TemporaryFolder();
        var original = new CtImage { Rows = 63, Columns = 65, BitsStored = 12, HighBit = 11, IsSigned = false }.File();
        File.WriteAllBytes(folder["a.dcm"], original);
        ExternalTools.Run(tool, [.. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), folder["a.dcm"], folder["b.dcm"]]);
        var transcoded = File.ReadAllBytes(folder["b.dcm"]);

        Assert.Equal(DicomReading.Hounsfield(original).Value, DicomReading.Hounsfield(transcoded).Value);
        Assert.Equal(
            DicomReading.CheckedHeader(original).Value with { TransferSyntaxUid = string.Empty, ImageType = [] },
            DicomReading.CheckedHeader(transcoded).Value with { TransferSyntaxUid = string.Empty, ImageType = [] });
    }

    [Fact]
    public void Pydicoms_own_test_files_are_read_as_pydicom_reads_them_or_refused()
    {
        ExternalTools.RequirePython("pydicom", "numpy");
        var folder = ExternalTools.Python("import pydicom, os; print(os.path.join(os.path.dirname(pydicom.__file__), 'data', 'test_files'))").Trim();
        Assert.SkipUnless(Directory.Exists(folder), "pydicom came without its test files");
        var expected = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(ExternalTools.Python(ReadEverything, folder))!;
        var (headers, pixels, refused) = (0, 0, 0);
        foreach (var (path, row) in expected)
        {
            var name = Path.GetFileName(path);
            var bytes = File.ReadAllBytes(path);
            if (!DicomReading.CheckedHeader(bytes).TryGet(out var image, out var fault))
            {
                Assert.StartsWith("dicom.", fault.Code, StringComparison.Ordinal);
                refused++;
                continue;
            }

            headers++;
            Assert.Equal(Text(row, "SOPInstanceUID"), image.SopInstanceUid);
            Assert.Equal(Text(row, "StudyInstanceUID"), image.StudyInstanceUid);
            Assert.Equal(Text(row, "SeriesInstanceUID"), image.SeriesInstanceUid);
            Assert.Equal(Text(row, "Modality"), image.Modality);
            Assert.Equal(Text(row, "Rows") ?? "0", image.Rows.ToString());
            Assert.Equal(Text(row, "Columns") ?? "0", image.Columns.ToString());
            Assert.Equal(Text(row, "BitsStored") ?? "0", image.BitsStored.ToString());
            if (row.TryGetProperty("Position", out var position) && image.ImagePositionLpsMm is { } mm)
            {
                Assert.Equal([mm.X, mm.Y, mm.Z], position.EnumerateArray().Select(v => v.GetDouble()));
            }

            if (DicomReading.StoredValues(bytes) is not { } stored)
            {
                continue;
            }

            if (TransferSyntax.Find(image.TransferSyntaxUid)!.Codec == PixelCodec.Gdcm && stored.Fault is not null)
            {
                // Some of the files are damaged on purpose, and GDCM forgives less than pydicom.
                Assert.Equal(FaultCodes.DicomMalformed, stored.Fault.Code);
                refused++;
                continue;
            }

            Assert.True(stored.Fault is null, $"{name}: {stored.Fault?.Detail}");
            if (TransferSyntax.Find(image.TransferSyntaxUid) is { IsLossy: true, Codec: PixelCodec.Jpeg })
            {
                // Decoders may round each their own way; CompressedPixelTests hold ours against dcmtk's within a tolerance.
                continue;
            }

            if (!row.TryGetProperty("Sha256", out _))
            {
                // A codec that pydicom lacks.
                continue;
            }

            var hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<short>(stored.Value)));
            Assert.True(Text(row, "Sha256") == hash, $"{name}: pixels differ");
            pixels++;
        }

        TestContext.Current.SendDiagnosticMessage($"{headers} headers, {pixels} with pixels, {refused} refused");
        Assert.True(headers >= 40, $"only {headers} headers were read");
        Assert.True(pixels >= 10, $"only {pixels} images were decoded");
    }

    private static string? Text(JsonElement row, string key) => row.TryGetProperty(key, out var value) ? value.GetString() : null;
}
