using CloudFunction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionNamespace1;

/// <summary>Runs once when the project is loaded: what it registers, functions take in their constructors.</summary>
public sealed class Startup : IFunctionStartup
{
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddSingleton<Greeter>();
}
