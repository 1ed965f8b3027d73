using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>Multi-frame files that contradict themselves, or that were damaged.</summary>
public class MultiFrameDamageTests
{
    [Fact]
    public void Another_number_of_frames_than_the_functional_groups_describe_is_malformed()
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "");
        var file = File.ReadAllBytes(folder["a.dcm"]);
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x28, 0x00, 0x08, 0x00, (byte)'I', (byte)'S', 2, 0, (byte)'1', (byte)'0']);
        file[at + 9] = (byte)'1';

        var fault = DicomReading.CheckedHeader(file).Fault;

        Assert.Equal(FaultCodes.DicomMalformed, fault?.Code);
        Assert.Contains("describe 10 frames, and the header says 11", fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rle", "frames lost", "header says")]
    [InlineData("rle bot", "offset too high", "offset table points")]
    [InlineData("rle bot", "offset too low", "offset table points")]
    [InlineData("rle bot", "offsets short", "not one of 10 frames")]
    [InlineData("rle eot", "frames lost", "offset table points")]
    public void A_frame_too_few_or_an_offset_table_that_points_beside_the_frames_is_malformed_at_intake(string options, string damage, string problem)
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], options);
        var file = File.ReadAllBytes(folder["a.dcm"]);
        var pixels = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B']) + 12;
        var table = BitConverter.ToInt32(file, pixels + 4);
        switch (damage)
        {
            case "frames lost":
                // The first fragment goes.
                var first = pixels + 8 + table;
                file = [.. file[..first], .. file[(first + 8 + BitConverter.ToInt32(file, first + 4))..]];
                break;
            case "offset too high":
                file[pixels + 8 + 4] += 2;
                break;
            case "offset too low":
                file[pixels + 8 + 4] -= 2;
                break;
            case "offsets short":
                file = [.. file[..(pixels + 4)], .. BitConverter.GetBytes(table - 4), .. file[(pixels + 8)..(pixels + 4 + table)], .. file[(pixels + 8 + table)..]];
                break;
        }

        var fault = DicomReading.CheckedHeader(file).Fault;

        Assert.Equal(FaultCodes.DicomMalformed, fault?.Code);
        Assert.Contains(problem, fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rle bot")]
    [InlineData("rle eot")]
    [InlineData("undefined")]
    [InlineData("unknown")]
    [InlineData("implicit")]
    public void Files_with_changed_and_lost_bytes_are_read_or_refused_and_never_anything_else(string options)
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], options, rows: 9, columns: 7);
        var original = File.ReadAllBytes(folder["a.dcm"]);
        var (random, codes) = (new Random(11), new HashSet<string>());
        for (var n = 0; n < 2000; n++)
        {
            byte[] file = [.. original];
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(132, file.Length - 8);
                switch (random.Next(4))
                {
                    case 0:
                        file[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        file.AsSpan(at, 4).Fill((byte)(random.Next(2) * 0xFF));
                        break;
                    case 2:
                        file = [.. file[..at], .. file[(at + random.Next(1, 8))..]];
                        break;
                    default:
                        file = file[..at];
                        break;
                }

                if (file.Length < 200)
                {
                    break;
                }
            }

            codes.Add(DicomReading.Volume(file).Code());
        }

        Assert.Contains("none", codes);
        Assert.Contains(FaultCodes.DicomMalformed, codes);
    }

    [Fact]
    public void Native_pixel_data_of_a_frame_too_few_are_malformed()
    {
        using var folder = new TemporaryFolder();
        MultiFrameCt.Write(folder["a.dcm"], "");
        var file = File.ReadAllBytes(folder["a.dcm"]);
        var size = 2 * MultiFrameCt.Rows * MultiFrameCt.Columns;
        var length = file.Length - (MultiFrameCt.Frames * size) - 4;
        BitConverter.GetBytes((MultiFrameCt.Frames - 1) * size).CopyTo(file, length);

        Assert.Equal(FaultCodes.DicomMalformed, DicomReading.CheckedHeader(file[..^size]).Code());
    }
}
