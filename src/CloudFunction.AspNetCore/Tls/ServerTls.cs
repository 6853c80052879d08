using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CloudFunction.Runtime.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Tls;

/// <summary>The server's TLS: the credentials in force, and the watch over the files that they come from. Handshakes may read
/// it at any time.</summary>
internal sealed partial class ServerTls(ServerSettings settings, TimeProvider time, ILogger<ServerTls> logger) : IHostedService, IDisposable
{
    // Certificates are renewed days before they expire; two seconds are for the person who checks whether it worked.
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private volatile TlsCredentials? _credentials;
    private TlsSources? _inForce;
    private string? _problem;
    private bool _isProblemReported;
    private Task _watching = Task.CompletedTask;

    /// <summary>What new connections get.</summary>
    public TlsCredentials Credentials => _credentials ?? throw new InvalidOperationException("SSL_ENABLED is false.");

    /// <summary>Loads the files, before anything listens; nothing where SSL_ENABLED is false.</summary>
    /// <exception cref="SettingsException">They cannot be used; all errors are named.</exception>
    public void Load()
    {
        if (!settings.Options.SslEnabled)
        {
            return;
        }

        List<string> errors = [];
        var sources = TlsSources.Read(settings.Options, errors);
        if (TlsCredentialsReader.TryRead(sources, settings.Options, errors) is not { } credentials)
        {
            throw new SettingsException(errors);
        }

        Use(sources, credentials);
    }

    /// <summary>Has Kestrel ask for the credentials at each handshake.</summary>
    public void Configure(HttpsConnectionAdapterOptions options)
    {
        options.ServerCertificateSelector = (_, _) => Credentials.Certificate; // Kestrel wants one; OnAuthenticate gives the whole chain.
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.OnAuthenticate = (_, handshake) => Configure(handshake);
        if (settings.Options.SslCaCertificatesFile is not null)
        {
            options.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        }
    }

    /// <summary>Begins to watch the files.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Options.SslEnabled)
        {
            _watching = WatchAsync();
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Checks whether the files have changed, and takes over what can be used. One caller at a time.</summary>
    internal void Refresh()
    {
        List<string> errors = [];
        var sources = TlsSources.Read(settings.Options, errors);
        if (sources != _inForce && TlsCredentialsReader.TryRead(sources, settings.Options, errors) is { } credentials)
        {
            Use(sources, credentials);
        }

        // Reported at the second check: a key that is written before its certificate, or a file that is half written, is no error at the first.
        var problem = errors.Count == 0 ? null : string.Join(' ', errors);
        var isNew = problem != _problem;
        if (problem is not null && !isNew && !_isProblemReported)
        {
            LogKept(problem);
        }

        (_problem, _isProblemReported) = (problem, !isNew);
    }

    private void Configure(SslServerAuthenticationOptions handshake)
    {
        var credentials = Credentials;
        handshake.ServerCertificateSelectionCallback = null;
        handshake.ServerCertificateContext = credentials.Context;
        if (credentials.ClientPolicy is { } policy)
        {
            handshake.CertificateChainPolicy = policy.Clone();
            handshake.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;

            // A resumed session would stand by a certificate that was judged by the authorities of another time.
            handshake.AllowTlsResume = false;
        }
    }

    private void Use(TlsSources sources, TlsCredentials credentials)
    {
        (_inForce, _credentials) = (sources, credentials);
        var certificate = credentials.Certificate;
        LogLoaded(certificate.Subject, certificate.NotAfter.ToUniversalTime(), settings.Options.SslCertificateFile!);
        if (TlsCredentialsReader.FindTimeProblem(certificate, time.GetUtcNow()) is { } problem)
        {
            LogTimeProblem(certificate.Subject, settings.Options.SslCertificateFile!, problem);
        }
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(WatchInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                Refresh();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
