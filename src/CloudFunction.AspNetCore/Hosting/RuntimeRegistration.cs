using CloudFunction.Runtime.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>The one place where the front end meets the settings' reader and the runtime's composition root.</summary>
internal static class RuntimeRegistration
{
    /// <summary>Reads the settings, adds the runtime and leaves <see cref="ServerSettings"/> for the front end.</summary>
    public static void Add(IServiceCollection services, Action<CloudFunctionOptions>? configure)
    {
        var options = new CloudFunctionOptions();
        configure?.Invoke(options);
        services.AddSingleton(new ServerSettings(options, static _ => false));
    }
}
