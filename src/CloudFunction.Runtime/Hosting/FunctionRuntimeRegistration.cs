using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CloudFunction.Runtime.Hosting;

/// <summary>Adds the runtime to a host's services.</summary>
internal static class FunctionRuntimeRegistration
{
    /// <param name="services">Where to.</param>
    /// <param name="readSettings">Reads the settings, once, when the host starts.</param>
    public static IServiceCollection AddFunctionRuntime(this IServiceCollection services, Func<IServiceProvider, EffectiveSettings> readSettings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(readSettings);
        services.AddSingleton(provider => provider.GetRequiredService<EffectiveSettings>().Options);
        services.AddSingleton<FunctionRuntime>();
        services.AddSingleton<IFunctionRuntime>(provider => provider.GetRequiredService<FunctionRuntime>());
        services.AddSingleton<IInvocationRouter>(provider => provider.GetRequiredService<FunctionRuntime>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FunctionRuntime>());
        return services;
    }
}
