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
        builder.Services.AddSingleton<LocalBlobStore>();
    }
}
