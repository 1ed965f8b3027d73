using HemoApi.Imaging.Dicom;
using HemoApi.Storage;
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
        builder.Services.AddOptions<QuotasOptions>()
            .BindConfiguration(QuotasOptions.Section)
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
        builder.Services.AddSingleton<UploadQuotas>();
        builder.Services.AddSingleton<UploadDisk>();
        builder.Services.AddSingleton<UploadStream>();
        builder.Services.AddSingleton<UploadStudyStore>();
        builder.Services.AddSingleton<UploadStudySweep>();
        builder.Services.AddHostedService<UploadStudySweepTimer>();
        builder.Services.AddScoped<UploadStudy>();
    }
}
