using CloudFunction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FaultyFunctions;

/// <summary>Fails where the project's environment has FAIL_STARTUP, with its text, and never ends where it has HANG_STARTUP.</summary>
public sealed class Startup : IFunctionStartup
{
    public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["FAIL_STARTUP"] is { } reason)
        {
            throw new InvalidOperationException(reason);
        }

        if (configuration["HANG_STARTUP"] is not null)
        {
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }
}
