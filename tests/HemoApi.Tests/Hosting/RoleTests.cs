using Hangfire;
using Hangfire.InMemory;
using HemoApi.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HemoApi.Tests.Hosting;

public sealed class RoleTests
{
    [Theory]
    [InlineData(null, true, true)]
    [InlineData("all", true, true)]
    [InlineData("api", true, false)]
    [InlineData("worker", false, true)]
    public async Task A_process_serves_and_runs_what_its_role_says(string? role, bool servesApi, bool runsJobs)
    {
        await using var app = Program.Build(
            role is null ? [] : [$"--Hosting:Role={role}", "--Storage:Postgres=Host=localhost"],
            builder => builder.Services.AddSingleton<JobStorage>(new InMemoryStorage()));

        var routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!).ToList();
        Assert.Contains("/health/ready", routes);
        Assert.Equal(servesApi, routes.Any(r => r.StartsWith("/api/", StringComparison.Ordinal)));
        Assert.Equal(runsJobs, app.Services.GetServices<IHostedService>().Any(s => s is BackgroundJobServerHostedService));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("worker")]
    public async Task The_embedded_queue_refuses_every_role_but_all_at_start_and_says_why(string role)
    {
        using var folder = await ServiceFolder.Create(TestModel.Fast());
        await using var app = Program.Build(
            [$"--Hosting:Role={role}", $"--Storage:DataFolder={folder.Path}", $"--Models:Folders:0={folder.Models}", "--Logging:LogLevel:Default=None", "--urls=http://127.0.0.1:0"]);

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        Assert.Contains("Hosting:Role must be all", refusal.Message);
        Assert.Contains("inside of the process", refusal.Message);
        Assert.Equal(1, await Program.Main([$"--Hosting:Role={role}", $"--Storage:DataFolder={folder.Path}", "--Logging:LogLevel:Default=None"]));
    }
}
