using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using HemoApi.Storage;
using HemoApi.Studies;
using Microsoft.Extensions.Options;

namespace HemoApi.Hosting;

public static class HostingSetup
{
    /// <summary>JSON, logs, problems, health and what happens at start.</summary>
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.AddQuietLogs();
        builder.Services.AddOptions<HostingOptions>()
            .BindConfiguration(HostingOptions.Section)
            .Validate<IOptions<StorageOptions>>((o, storage) => o.Role == Role.All || storage.Value.IsShared, HostingOptions.OnlyAll)
            .ValidateOnStart();

        builder.Services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ExceptionProblems>();
        builder.Services.AddSingleton<TimeProvider>(new StoredTime());
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddOptions<FirstStartOptions>().BindConfiguration(FirstStartOptions.Section);
        builder.Services.AddSingleton<FirstStart>();
        builder.Services.AddSingleton<StudyEraser>();
        builder.Services.AddHostedService<StartUp>();
        builder.AddProxies();
        builder.AddHealth();
    }

    public static void UseRequestLog(this WebApplication app)
    {
        // With the framework's own request lines off, no one else asks for the activity whose trace id problems and logs name.
        var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = static (ref _) => ActivitySamplingResult.PropagationData,
        };
        ActivitySource.AddActivityListener(traces);
        app.Lifetime.ApplicationStopped.Register(traces.Dispose);
        app.UseMiddleware<RequestLog>();
    }

    /// <summary>Whatever goes wrong below leaves as a problem document.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => Refusals.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
    }
}

/// <summary>JSON of every document: camelCase, enums as words, absent instead of null.</summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        return options;
    }
}
