using CloudFunction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LibraryFunctions;

/// <summary>Registers the libraries, and uses them where it is asked to.</summary>
public sealed class Startup : IFunctionStartup
{
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddLlm().AddDatabase();
        if (configuration["LIBRARIES_USED"] == "1")
        {
            services.AddHostedService<FirstUse>();
        }
    }
}
