using System.Net;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Names at start the server's settings that are set but not in force, because the app runs Kestrel as it likes; and, where they
/// are in force, those that are cut down or trust everybody.</summary>
internal sealed partial class ServerSettingsNotice(
    ServerSettings settings, DescriptorPlan plan, IServiceProvider services, ILogger<ServerSettingsNotice> logger)
    : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!IsServer && settings.SetServerSettings().ToArray() is { Length: > 0 } names)
        {
            LogNotInForce(string.Join(", ", names));
        }

        if (IsServer && plan.Connections < (settings.Options.MaxConnections ?? DescriptorPlan.DefaultConnections))
        {
            LogFewerConnections(plan.Connections, plan.Limit);
        }

        if (plan.Waiting < settings.Options.MaxQueue)
        {
            LogFewerWaiting(plan.Waiting, settings.Options.MaxQueue);
        }

        return Task.CompletedTask;
    }

    /// <summary>By now it is known what is listened on.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (IsServer && settings.Options.ProxyHeaders && settings.Options.ForwardedAllowIps.Contains(AddressRange.Any)
            && services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(IsPublic) is { } address)
        {
            LogEveryPeerIsTrusted(address);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private bool IsServer => services.GetService<ServerMarker>() is not null;

    private static bool IsPublic(string url)
    {
        var address = BindingAddress.Parse(url);
        return !address.IsUnixPipe && !address.IsNamedPipe
            && !address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            && !(IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}
