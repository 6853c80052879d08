using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Names at start the server's settings that are set but not in force, because the app runs Kestrel as it likes.</summary>
internal sealed partial class ServerSettingsNotice(ServerSettings settings, IServiceProvider services, ILogger<ServerSettingsNotice> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<ServerMarker>() is null && settings.SetServerSettings().ToArray() is { Length: > 0 } names)
        {
            LogNotInForce(string.Join(", ", names));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
