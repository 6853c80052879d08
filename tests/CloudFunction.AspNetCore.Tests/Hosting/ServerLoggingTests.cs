using CloudFunction.Runtime.Logging.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Tests.Hosting;

public sealed class ServerLoggingTests
{
    [Fact]
    public void AddServer_ConsoleOfTheBuilder_IsRemovedAndAllCategoriesAreThePipelines()
    {
        var builder = WebApplication.CreateBuilder();
        Assert.Contains(Providers(builder), name => name == "ConsoleLoggerProvider");

        builder.AddCloudFunctionServer();
        builder.Services.AddCloudFunctions();

        Assert.DoesNotContain(Providers(builder), name => name == "ConsoleLoggerProvider");
        Assert.Contains(Providers(builder), name => name == "CloudFunctionLoggerProvider");
        Assert.True(Scope(builder)!.IsWholeHost);
    }

    [Fact]
    public void AddCloudFunctions_Alone_LeavesTheAppsConsoleAlone()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddCloudFunctions();

        Assert.Contains(Providers(builder), name => name == "ConsoleLoggerProvider");
        Assert.Null(Scope(builder));
    }

    [Fact]
    public async Task AddCloudFunctions_Alone_LevelsOfTheAppHoldNothingBackFromTheRuntimesFiles()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Logging:LogLevel:Default"] = "Warning";
        builder.Services.AddCloudFunctions(options => options.LogLevel = LogLevel.Debug);
        await using var app = builder.Build();
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();

        var own = loggers.CreateLogger("CloudFunction.Runtime.Workers.WorkerSupervisor");
        Assert.True(own.IsEnabled(LogLevel.Debug));
        Assert.False(own.IsEnabled(LogLevel.Trace));
        Assert.False(loggers.CreateLogger("Shop.Orders").IsEnabled(LogLevel.Critical));
    }

    [Fact]
    public void AddServer_LevelsOfTheConfiguration_BeatTheServersOwn()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Logging:LogLevel:Microsoft.AspNetCore"] = "Debug";
        builder.Configuration["Logging:LogLevel:Microsoft.AspNetCore.Routing"] = "None";
        builder.Configuration["Logging:LogLevel:Other"] = "Error";

        builder.AddCloudFunctionServer();

        Assert.Equal(
            [
                new CategoryFloor("Microsoft.AspNetCore", LogLevel.Debug),
                new CategoryFloor("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
                new CategoryFloor("Microsoft.AspNetCore.Routing", LogLevel.None),
            ],
            Scope(builder)!.Floors.OrderBy(floor => floor.Category, StringComparer.Ordinal));
    }

    private static IEnumerable<string?> Providers(WebApplicationBuilder builder) =>
        builder.Services.Where(descriptor => descriptor.ServiceType == typeof(ILoggerProvider))
            .Select(descriptor => descriptor.ImplementationType?.Name);

    private static PipelineScope? Scope(WebApplicationBuilder builder) =>
        (PipelineScope?)builder.Services.SingleOrDefault(descriptor => descriptor.ServiceType == typeof(PipelineScope))?.ImplementationInstance;
}
