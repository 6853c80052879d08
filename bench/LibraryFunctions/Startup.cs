using CloudFunction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LibraryFunctions;

/// <summary>Uses what the project references, or does not.</summary>
public sealed class Startup : IFunctionStartup
{
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["LIBRARIES_REGISTERED"] == "1")
        {
            Register(services);
        }

        if (configuration["LIBRARIES_USED"] == "1")
        {
            Use(services);
        }
    }

    // Methods of their own: the libraries are loaded where a method that names them is compiled.
    private static void Register(IServiceCollection services) => services.AddLlm().AddDatabase();

    private static void Use(IServiceCollection services) => services.AddHostedService<FirstUse>();
}
