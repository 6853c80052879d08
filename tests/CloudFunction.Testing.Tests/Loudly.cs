using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TestedFunctions;

namespace CloudFunction.Testing.Tests;

/// <summary>A test's startup, which replaces a service of the project's.</summary>
public sealed class Loudly : IFunctionStartup, IPunctuation
{
    public string Mark => "!!!";

    public void ConfigureServices(IServiceCollection services, IConfiguration configuration) => services.AddSingleton<IPunctuation, Loudly>();
}
