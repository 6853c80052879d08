using CloudFunction.AspNetCore;
using CloudFunction.AspNetCore.Hosting;
using CloudFunction.Runtime.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the function runtime to an app's services.</summary>
public static class CloudFunctionServiceCollectionExtensions
{
    /// <summary>
    /// Adds the runtime: it starts with the app, runs every project found below PROJECTS_DIR in worker processes of its own and ends with
    /// the app. Kestrel is left as it is; call <c>app.MapCloudFunctions()</c> for the routes.
    /// </summary>
    /// <param name="services">The services of an app that was made by <c>WebApplication.CreateBuilder</c> or another generic host builder.</param>
    /// <param name="configure">Runs last and so wins over <c>appsettings.json</c>, <c>.env</c> and the process environment. Default: none.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">Called a second time with options: put them all into one call.</exception>
    /// <remarks>A second call without options changes nothing.</remarks>
    public static IServiceCollection AddCloudFunctions(this IServiceCollection services, Action<CloudFunctionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(descriptor => descriptor.ServiceType == typeof(FrontEndMarker)))
        {
            return configure is null
                ? services
                : throw new InvalidOperationException("AddCloudFunctions was called before. Put all options into one call of it.");
        }

        RuntimeRegistration.Add(services, configure);
        return services.AddFrontEnd();
    }
}
