using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting;

/// <summary>Adds the runtime to a host's services.</summary>
internal static class FunctionRuntimeRegistration
{
    /// <param name="services">Where to.</param>
    /// <param name="settings">The settings in force.</param>
    /// <param name="environment">The process's environment, which workers inherit less what is the host's own.</param>
    public static IServiceCollection AddFunctionRuntime(
        this IServiceCollection services, EffectiveSettings settings, IReadOnlyDictionary<string, string> environment)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings.Options);
        services.AddSingleton(provider => new FunctionRuntime(
            settings, environment, provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IFunctionRuntime>(provider => provider.GetRequiredService<FunctionRuntime>());
        services.AddSingleton<IInvocationRouter>(provider => provider.GetRequiredService<FunctionRuntime>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FunctionRuntime>());
        return services;
    }
}
