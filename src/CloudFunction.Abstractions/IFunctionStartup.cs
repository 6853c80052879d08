using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction;

/// <summary>Registers a project's services. A project has at most one, public or not, with a parameterless constructor.</summary>
public interface IFunctionStartup
{
    /// <summary>Called once in each worker, before the first invocation. An exception refuses the deployment.</summary>
    /// <param name="services">Where to register. Singletons live as long as the worker; hosted services start once all is registered
    /// and stop when the worker drains.</param>
    /// <param name="configuration">The project's <c>appsettings.json</c>, overlaid by its environment.</param>
    void ConfigureServices(IServiceCollection services, IConfiguration configuration);
}
