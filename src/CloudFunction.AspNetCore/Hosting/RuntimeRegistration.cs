using System.Collections;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>The one place where the front end meets the settings' reader and the runtime's composition root.</summary>
internal static class RuntimeRegistration
{
    /// <summary>Adds the runtime, and <see cref="ServerSettings"/> for the front end. The settings are read when the app is built: later sources of
    /// its configuration count too.</summary>
    public static void Add(IServiceCollection services, Action<CloudFunctionOptions>? configure)
    {
        var environment = ProcessEnvironment();
        services.AddFunctionRuntime(environment, provider => SettingsReader.Read(
            provider.GetRequiredService<IConfiguration>(),
            environment,
            provider.GetRequiredService<IHostEnvironment>().ContentRootPath,
            configure));
        services.AddSingleton(static provider =>
        {
            var settings = provider.GetRequiredService<EffectiveSettings>();
            return new ServerSettings(settings.Options, settings.IsSet, settings.SystemEnvFile.Keys);
        });
    }

    private static Dictionary<string, string> ProcessEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "", EnvironmentNames.Comparer);
}
