using System.Collections;
using CloudFunction.Runtime.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>The one place where the front end meets the settings' reader and the runtime's composition root.</summary>
internal static class RuntimeRegistration
{
    /// <summary>Reads the settings, adds the runtime and leaves <see cref="ServerSettings"/> for the front end.</summary>
    public static void Add(IServiceCollection services, Action<CloudFunctionOptions>? configure)
    {
        var host = FindHost(services);
        var settings = SettingsReader.Read(host.Configuration, ProcessEnvironment(), host.HostingEnvironment.ContentRootPath, configure);
        services.AddSingleton(new ServerSettings(settings.Options, settings.IsSet));
    }

    private static Dictionary<string, string> ProcessEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "", EnvironmentNames.Comparer);

    /// <summary>The configuration and content root of the host that is being built; there is no provider yet to ask for them.</summary>
    private static HostBuilderContext FindHost(IServiceCollection services) =>
        services.LastOrDefault(static descriptor => descriptor.ServiceType == typeof(HostBuilderContext))?.ImplementationInstance as HostBuilderContext
        ?? throw new InvalidOperationException(
            "AddCloudFunctions needs the services of a host's builder: call it as builder.Services.AddCloudFunctions() on WebApplication.CreateBuilder(args).");
}
