using HemoApi.Imaging;

namespace HemoApi.Hosting;

public static class LoginFaults
{
    public static Fault TooMany { get; } = new(
        FaultCodes.AuthTooManyFailures,
        "Too many requests with wrong, expired or revoked credentials came from this address or for this key.",
        "Correct the credentials and wait for the time that Retry-After names.");
}
