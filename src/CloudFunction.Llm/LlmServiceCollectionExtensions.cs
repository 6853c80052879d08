using CloudFunction.Llm;
using CloudFunction.Llm.Clients;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers language models with a project.</summary>
public static class LlmServiceCollectionExtensions
{
    /// <summary>
    /// Gives functions an <see cref="IChatClient"/> for the project's default provider, keyed ones
    /// (<c>[FromKeyedServices("deepseek")]</c>) for each, and <see cref="ILlmClients"/>, all from the project's environment. What is
    /// missing there is reported at the first use, not at the start.
    /// </summary>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddLlm(this IServiceCollection services, Action<LlmOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<ILlmClients, LlmClients>();
        services.TryAddSingleton<IChatClient>(static provider => provider.GetRequiredService<ILlmClients>().Get());
        services.TryAddKeyedSingleton<IChatClient>(
            KeyedService.AnyKey, static (provider, key) => provider.GetRequiredService<ILlmClients>().Get(key as string));
        return services;
    }
}
