using System.Diagnostics;
using MySqlConnector;

namespace CloudFunction.Data.Tests.Servers;

/// <summary>A MariaDB server of the test run's own, in a temporary folder.</summary>
public sealed class MariaDbServer : ITestServer, IAsyncLifetime
{
    private const string Password = "it's; a=secret";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("cf-my-");
    private readonly int _port = Tool.FreePort();
    private readonly string? _install = Tool.Find("mariadb-install-db", []);
    private readonly string? _server = Tool.Find("mariadbd", ["/usr/sbin"]);
    private Process? _process;

    public string? Missing =>
        _install is null || _server is null ? "MariaDB's mariadb-install-db and mariadbd are not here: apt-get install mariadb-server" : null;

    public string ConnectionId => "CONNECTION_ID()";

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["DB_HOST"] = "127.0.0.1",
        ["DB_PORT"] = $"{_port}",
        ["DB_USER"] = "shop",
        ["DB_PASSWORD"] = Password,
        ["DB_NAME"] = "shop",
    };

    private string Data => Path.Combine(_files.FullName, "data");

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        await File.WriteAllTextAsync(InitFile, $"""
            CREATE DATABASE IF NOT EXISTS shop CHARACTER SET utf8mb4;
            CREATE USER IF NOT EXISTS 'shop'@'127.0.0.1' IDENTIFIED BY '{Password.Replace("'", "''", StringComparison.Ordinal)}';
            GRANT ALL ON shop.* TO 'shop'@'127.0.0.1';

            """);
        if (Tool.IsRoot)
        {
            await Tool.RunAsync("chown", "-R", "mysql", _files.FullName); // Its package makes this user.
        }

        await Tool.RunAsync(_install!, [$"--datadir={Data}", "--skip-test-db", "--auth-root-authentication-method=normal", .. User]);
        await StartAsync();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _files.Delete(recursive: true);
    }

    private string InitFile => Path.Combine(_files.FullName, "init.sql");

    private static string[] User => Tool.IsRoot ? ["--user=mysql"] : [];

    private async Task StopAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    private async Task StartAsync()
    {
        _process = Tool.Start(
            _server!,
            [
                "--no-defaults", $"--datadir={Data}", $"--port={_port}", "--bind-address=127.0.0.1", "--skip-name-resolve",
                $"--socket={Path.Combine(_files.FullName, "s")}",
                $"--pid-file={Path.Combine(_files.FullName, "pid")}", $"--init-file={InitFile}",
                $"--log-error={Path.Combine(_files.FullName, "log")}", "--innodb-buffer-pool-size=32M",
                .. User,
            ]);
        var text = new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)_port,
            UserID = "shop",
            Password = Password,
            Database = "shop",
            Pooling = false,
        };
        using var limit = new CancellationTokenSource(StartLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                await using var connection = new MySqlConnection(text.ConnectionString);
                await connection.OpenAsync(limit.Token);
                return;
            }
            catch (MySqlException exception) when (!limit.IsCancellationRequested && !_process.HasExited)
            {
                _ = exception; // It does not listen yet.
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
