using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>A real nginx in front of a host, with a configuration and a folder of its own.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private Nginx(Process process, DirectoryInfo folder, int port)
    {
        (_process, _folder) = (process, folder);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = StartTimeout,
        };
    }

    public HttpClient Client { get; }

    /// <summary>Starts it, or skips the test where there is none.</summary>
    /// <param name="host">What it stands before.</param>
    public static async Task<Nginx> StartAsync(Uri host)
    {
        // Debian has it where only root's PATH leads.
        var program = Array.Find(
            ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"], File.Exists);
        Skip.If(program is null, "There is no nginx: install the package nginx.");
        var folder = Directory.CreateTempSubdirectory("cf-nginx-");
        var port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr;
            events { }
            http {
                access_log off;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                server {
                    listen 127.0.0.1:{{port}};
                    location / {
                        proxy_pass {{host.AbsoluteUri.TrimEnd('/')}};
                        proxy_set_header Host localhost;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto https;
                        proxy_set_header X-Forwarded-Host functions.example;
                    }
                }
            }
            """);
        var process = Process.Start(
            new ProcessStartInfo(program!, ["-p", folder.FullName, "-c", "nginx.conf", "-e", "stderr"]) { RedirectStandardError = true })!;
        var nginx = new Nginx(process, folder, port);
        await Eventually.BecomesAsync(() => process.HasExited || IsOpen(port), StartTimeout, () => "nginx does not listen.");
        Assert.False(process.HasExited, process.HasExited ? await process.StandardError.ReadToEndAsync() : "");
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool IsOpen(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
