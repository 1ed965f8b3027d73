using HemoApi.Imaging.Dicom;

namespace HemoApi.Imaging.Tests.Dicom;

/// <summary>What holds up or eats memory in the decoder's process ends there. Stand-ins for the program, because no file is known
/// that GDCM of every version hangs on.</summary>
public sealed class GdcmConverterTests : IDisposable
{
    /// <summary>SIGKILL, by the system: where this process has to end the decoder, there is no exit code.</summary>
    private const int KillSignal = 9;

    private readonly string _folder = Directory.CreateTempSubdirectory("hemoapi-gdcm-").FullName;

    [Fact]
    public void A_decoder_that_never_ends_is_killed_for_its_processor_time() =>
        Assert.Equal(128 + KillSignal, Run("while :; do :; done"));

    [Fact]
    public void A_decoder_that_wants_more_than_its_memory_gets_none()
    {
        Assert.Equal(0, Run("exec dd if=/dev/zero of=/dev/null bs=1M count=1"));
        Assert.Equal(1, Run("exec dd if=/dev/zero of=/dev/null bs=3G count=1"));
    }

    [Fact]
    public void A_decoder_that_fills_its_output_with_messages_does_not_stall() =>
        Assert.Equal(0, Run("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private int? Run(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits of a process are set as on Linux");
        var program = Path.Combine(_folder, "decoder");
        File.WriteAllText(program, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return GdcmConverter.Run(program, "compressed.dcm", "raw.dcm");
    }
}
