using System.Net;
using System.Net.Sockets;
using CloudFunction.AspNetCore.Tls;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Decides where to listen and tries it, before anything else of the app starts.</summary>
internal sealed class ListenAddresses(
    IServer server, ServerSettings settings, ServerTls tls, DescriptorPlan plan, IConfiguration configuration) : IHostedLifecycleService
{
    private const string KestrelEndpoints = "Kestrel:Endpoints";

    /// <summary>Ends the process with the given code; tests put their own here.</summary>
    internal Action<int> Exit { get; set; } = Environment.Exit;

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            plan.Check();
            RefuseEndpointsBesideTls();
            tls.Load();
        }
        catch (SettingsException exception)
        {
            // Reported here: the host would log it with its stack.
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            Exit(1);
            return;
        }

        // Null or read-only where the server has no addresses to set, a test server for instance.
        if (server.Features.Get<IServerAddressesFeature>() is not { Addresses: { IsReadOnly: false } addresses })
        {
            return;
        }

        var configured = ConfiguredUrls();
        if (settings.IsAddressSet || (addresses.Count == 0 && configured.Length == 0))
        {
            addresses.Clear();
            foreach (var url in await OwnUrlsAsync(cancellationToken).ConfigureAwait(false))
            {
                addresses.Add(url);
            }

            if (addresses.Count == 0)
            {
                await Console.Error.WriteLineAsync($"Cannot listen on HOST={settings.Options.Host}: the name resolves to no address. Set HOST to an "
                    + "IP address of this machine, 0.0.0.0 or :: for all, or a name of it.").ConfigureAwait(false);
                Exit(1);
                return;
            }
        }

        foreach (var url in addresses.Count > 0 ? addresses : configured)
        {
            if (ListenProbe.Try(url) is { } problem)
            {
                await Console.Error.WriteLineAsync(
                    $"Cannot listen on {url}: {problem}. Set HOST and PORT to an address that is free.").ConfigureAwait(false);
                Exit(1);
                return;
            }
        }
    }

    private string[] ConfiguredUrls()
    {
        if (configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls)
        {
            return urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        // The official container images set ASPNETCORE_HTTP_PORTS; it is the weakest of hosting's own sources, but somebody did set it.
        return [
            .. Ports(WebHostDefaults.HttpPortsKey).Select(static port => $"http://*:{port}"),
            .. Ports(WebHostDefaults.HttpsPortsKey).Select(static port => $"https://*:{port}"),
        ];
    }

    private string[] Ports(string key) =>
        configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    // Endpoints of Kestrel's own configuration go over all addresses, and nothing guarantees that they have TLS.
    private void RefuseEndpointsBesideTls()
    {
        if (settings.Options.SslEnabled && configuration.GetSection(KestrelEndpoints).GetChildren().FirstOrDefault() is { } endpoint)
        {
            throw new SettingsException([$"SSL_ENABLED: true is not allowed beside {endpoint.Path} in the application's configuration, which would "
                + "be listened on in place of HOST and PORT; allowed is either of them."]);
        }
    }

    // Settings are checked where they are read: HOST is an IP address or a name.
    private async Task<IEnumerable<string>> OwnUrlsAsync(CancellationToken cancellationToken)
    {
        var (host, port) = (settings.Options.Host, settings.Options.Port);
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return [Url(address, port)];
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // Kestrel picks no free port for the two addresses of localhost at once.
            return [port == 0 ? Url(IPAddress.Loopback, port) : $"{Scheme}://{host}:{port}"];
        }

        try
        {
            var all = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
            return all.Distinct().Select(each => Url(each, port));
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private string Scheme => settings.Options.SslEnabled ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;

    private string Url(IPAddress address, int port) => $"{Scheme}://{new IPEndPoint(address, port)}";

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
