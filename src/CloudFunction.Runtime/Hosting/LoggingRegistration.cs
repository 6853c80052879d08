using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Logging.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting;

/// <summary>Adds the log to a host's services. Without a <see cref="PipelineScope"/> among them it leaves the app's own console alone.</summary>
internal static class LoggingRegistration
{
    public static IServiceCollection AddLogPipeline(this IServiceCollection services)
    {
        services.AddSingleton(provider => LoggingSettings.From(
            provider.GetRequiredService<EffectiveSettings>().Options, provider.GetRequiredService<IHostEnvironment>().ContentRootPath));
        services.AddSingleton<LoggingFile>();
        services.AddSingleton(provider => new LogPipeline(
            provider.GetRequiredService<LoggingFile>().Read(), provider.GetService<PipelineScope>() ?? PipelineScope.OwnCategories,
            ConsoleWriters.Process, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<DescriptorPlan>().LogFiles));
        services.AddSingleton<ILoggerProvider, CloudFunctionLoggerProvider>();
        services.AddSingleton<IHostedService, LoggingFileWatch>();
        return services;
    }
}
