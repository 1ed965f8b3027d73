namespace HemoApi.Storage;

public static class StorageSetup
{
    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<HemoDatabase>();
        builder.Services.AddSingleton<BlobOutage>();
        builder.Services.AddOptions<AzureBlobOptions>()
            .BindConfiguration(AzureBlobOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        var azure = builder.Configuration.GetSection(AzureBlobOptions.Section).Get<AzureBlobOptions>();
        if (azure is { IsUsed: true })
        {
            builder.Services.AddSingleton<IBlobStore, AzureBlobStore>();
        }
        else
        {
            builder.Services.AddSingleton<IBlobStore, LocalBlobStore>();
        }
    }
}
