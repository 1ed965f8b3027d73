using HemoApi.Imaging.Dicom;
using HemoApi.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HemoApi.Studies;

public static class UploadStudySetup
{
    public static void AddUploads(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<IntakeOptions>()
            .BindConfiguration(IntakeOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddOptions<IdentityOptions>()
            .BindConfiguration(IdentityOptions.Section)
            .Validate(o => o.HasValidSecret, $"Identity:Secret must be base64 of at least {Pseudonyms.LeastKeyBytes} bytes, e.g. of: openssl rand -base64 32")
            .ValidateOnStart();
        builder.Services.AddOptions<IdentityOptions>()
            .Validate<IOptions<StorageOptions>>(
                (o, storage) => o.Profile != IdentityProfile.Basic || o.Secret is not null || !storage.Value.IsShared,
                "Identity:Secret must be set where processes share a database: a key that each of them makes would give one patient several pseudonyms.");
        builder.Services.AddSingleton<TenantPseudonyms>();
        builder.Services.AddSingleton<StudyCopy>();
        builder.Services.AddSingleton<UploadStream>();
        builder.Services.AddSingleton<UploadStudyStore>();
        builder.Services.AddSingleton<UploadStudySweep>();
        builder.Services.AddScoped<UploadStudy>();
    }
}

/// <summary>Clears what uploads left behind that a crash cut short: files, half-stored studies, and keys whose request is
/// never going to be answered. Runs at start, when the database is ready and before the first request.</summary>
public sealed class UploadStudySweep(HemoDatabase database, UploadStudyStore store, IOptions<StorageOptions> storage, TimeProvider time)
{
    /// <summary>Where other processes take uploads too, what is younger may be one of theirs.</summary>
    private static readonly TimeSpan LongestUpload = TimeSpan.FromHours(6);

    public async Task Run(CancellationToken cancellationToken)
    {
        var before = storage.Value.IsShared ? time.GetUtcNow() - LongestUpload : DateTimeOffset.MaxValue.ToUniversalTime();
        UploadStreamFile.Sweep(storage.Value.IncomingFolder);
        await store.Sweep(before, cancellationToken);
        await using var db = database.OpenAsSystem();
        await db.IdempotencyRecords.Where(r => r.CompletedAt == null && r.CreatedAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}
