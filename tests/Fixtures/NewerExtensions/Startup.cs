using CloudFunction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace NewerExtensions;

/// <summary>Uses Microsoft.Extensions.Http, and through it what it depends on.</summary>
public sealed class Startup : IFunctionStartup
{
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddHttpClient("shop", client => client.BaseAddress = new Uri("http://shop.example/"))
            .ConfigurePrimaryHttpMessageHandler(() => new Pong());
}
