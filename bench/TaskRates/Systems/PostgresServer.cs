using System.ComponentModel;
using SideBySide;
using SideBySide.Options;
using SideBySide.Processes;

namespace TaskRates.Systems;

/// <summary>A PostgreSQL server of its own in a temporary folder, set up as it comes (each commit is flushed to the disk), but for
/// more connections.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Missing =
        "PostgreSQL's initdb and pg_ctl are neither on the PATH nor below /usr/lib/postgresql: apt-get install postgresql, or leave "
        + "hangfire-postgres out of --systems.";

    // initdb takes two seconds, and the machine may be busy.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("tr-pg-");
    private readonly int _port = FreePort.Take();

    private PostgresServer()
    {
    }

    /// <summary>Over TCP, as to any server; as many connections as there may be workers and callers.</summary>
    public string Connection => $"Host=127.0.0.1;Port={_port};Username=bench;Database=postgres;Maximum Pool Size=200";

    private string Data => Path.Combine(_files.FullName, "data");

    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new PostgresServer();
        try
        {
            if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
            {
                // It refuses to run as root; its package makes this user.
                await RunAsync("chown", ["postgres", server._files.FullName], cancellationToken);
            }

            await RunToolAsync("initdb", ["-D", server.Data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C"], cancellationToken);
            var options = $"-p {server._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=250";
            await RunToolAsync(
                "pg_ctl", ["-D", server.Data, "-l", Path.Combine(server._files.FullName, "log"), "-w", "-o", options, "start"], cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await RunToolAsync("pg_ctl", ["-D", Data, "-m", "immediate", "stop"], CancellationToken.None);
        }

        _files.Delete(recursive: true);
    }

    private static Task RunToolAsync(string tool, string[] arguments, CancellationToken cancellationToken) =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", Find(tool), .. arguments], cancellationToken)
            : RunAsync(Find(tool), arguments, cancellationToken);

    private static async Task RunAsync(string tool, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var result = await Command.RunAsync(tool, arguments, Path.GetTempPath(), Limit, cancellationToken);
            if (result.ExitCode != 0)
            {
                throw new MeasurementException($"{tool} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Output}{result.Error}");
            }
        }
        catch (Win32Exception)
        {
            throw new UsageException(Missing);
        }
    }

    // Debian's package leaves them off the PATH.
    private static string Find(string tool) =>
        !Directory.Exists("/usr/lib/postgresql")
            ? tool
            : Directory.GetDirectories("/usr/lib/postgresql")
                .OrderDescending(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin", tool))
                .FirstOrDefault(File.Exists) ?? tool;
}
