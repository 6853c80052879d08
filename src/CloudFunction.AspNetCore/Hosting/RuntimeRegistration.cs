using System.Collections;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
        services.PostConfigure<LoggerFilterOptions>(LetOwnThrough);
        services.AddSingleton(static provider =>
        {
            var settings = provider.GetRequiredService<EffectiveSettings>();
            return new ServerSettings(settings.Options, settings.IsSet, SystemVariables(settings));
        });
    }

    // Read each time they are asked for: the file may be changed while the host runs. What cannot be read in it is not shown.
    private static IEnumerable<string> SystemVariables(EffectiveSettings settings)
    {
        var file = DotEnvFile.TryRead(Path.Combine(settings.ContentRoot, DotEnvFile.FileName)) ?? DotEnvFile.Empty;
        foreach (var entry in file.Entries)
        {
            yield return entry.Name;
        }
    }

    // What goes to the runtime's own files is decided by LOG_LEVEL and the logging file alone; the app's filters hold for the app's providers.
    private static void LetOwnThrough(LoggerFilterOptions options) =>
        options.Rules.Add(new LoggerFilterRule(typeof(CloudFunctionLoggerProvider).FullName, LoggerName.Host, LogLevel.Trace, null));

    private static Dictionary<string, string> ProcessEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "", EnvironmentNames.Comparer);
}
