using CloudFunction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TestedFunctions;

public sealed class Startup : IFunctionStartup
{
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IPunctuation, Exclamation>();
        services.AddFunctionMiddleware<Measured>();
        services.AddHostedService<Ending>();
    }
}
