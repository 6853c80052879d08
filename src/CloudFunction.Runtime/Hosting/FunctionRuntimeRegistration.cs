using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tasks.Callbacks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting;

/// <summary>Adds the runtime to a host's services.</summary>
internal static class FunctionRuntimeRegistration
{
    /// <param name="services">Where to.</param>
    /// <param name="environment">The process's environment, which workers inherit less what is the host's own.</param>
    /// <param name="readSettings">Reads the settings, once, when the host is built.</param>
    public static IServiceCollection AddFunctionRuntime(
        this IServiceCollection services, IReadOnlyDictionary<string, string> environment, Func<IServiceProvider, EffectiveSettings> readSettings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(readSettings);
        services.AddSingleton(provider => provider.GetRequiredService<EffectiveSettings>().Options);
        services.AddSingleton(provider => new HostBodies(
            provider.GetRequiredService<CloudFunctionOptions>(), provider.GetRequiredService<DescriptorPlan>().BodyFiles,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => DescriptorPlan.Make(provider.GetRequiredService<CloudFunctionOptions>()));
        services.AddSingleton(provider => new FunctionRuntime(
            provider.GetRequiredService<EffectiveSettings>(), environment, provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<LogPipeline>(), provider.GetRequiredService<HostBodies>(),
            provider.GetRequiredService<DescriptorPlan>(), provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetService<ICallbackContent>));
        services.AddSingleton<IFunctionRuntime>(provider => provider.GetRequiredService<FunctionRuntime>());
        services.AddSingleton(provider => provider.GetRequiredService<FunctionRuntime>().Operations);
        services.AddSingleton(provider => provider.GetRequiredService<FunctionRuntime>().Tasks);
        services.AddSingleton(provider => provider.GetRequiredService<FunctionRuntime>().Idempotency);
        services.AddSingleton(provider => provider.GetRequiredService<FunctionRuntime>().Schedules);
        services.AddSingleton<IInvocationRouter>(provider => provider.GetRequiredService<FunctionRuntime>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FunctionRuntime>());
        services.AddLogPipeline();
        return services;
    }
}
