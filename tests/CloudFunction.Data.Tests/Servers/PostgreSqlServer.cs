namespace CloudFunction.Data.Tests.Servers;

/// <summary>A PostgreSQL server of the test run's own, in a temporary folder.</summary>
public sealed class PostgreSqlServer : ITestServer, IAsyncLifetime
{
    private static readonly string[] Folders = Directory.Exists("/usr/lib/postgresql")
        ? [.. Directory.GetDirectories("/usr/lib/postgresql").Select(v => Path.Combine(v, "bin"))]
        : [];
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("cf-pg-");
    private readonly int _port = Tool.FreePort();
    private readonly string? _initdb = Tool.Find("initdb", Folders);
    private readonly string? _control = Tool.Find("pg_ctl", Folders);

    public string? Missing => _initdb is null || _control is null ? "PostgreSQL's initdb and pg_ctl are not here: apt-get install postgresql" : null;

    public string ConnectionId => "pg_backend_pid()";

    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["DB_PROVIDER"] = "postgresql",
        ["DB_HOST"] = "127.0.0.1",
        ["DB_PORT"] = $"{_port}",
        ["DB_USER"] = "shop",
        ["DB_PASSWORD"] = "it's; a=secret",
        ["DB_NAME"] = "postgres",
    };

    private string Data => Path.Combine(_files.FullName, "data");

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        var password = Path.Combine(_files.FullName, "password");
        await File.WriteAllTextAsync(password, Environment["DB_PASSWORD"]);
        if (Tool.IsRoot)
        {
            await Tool.RunAsync("chown", "-R", "postgres", _files.FullName); // Its package makes this user.
        }

        await RunAsync(_initdb!, "-D", Data, "-U", "shop", "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-sync");
        await StartAsync();
    }

    public async Task RestartAsync()
    {
        await RunAsync(_control!, "-D", Data, "-m", "immediate", "stop");
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await RunAsync(_control!, "-D", Data, "-m", "immediate", "stop");
        }

        _files.Delete(recursive: true);
    }

    private static Task RunAsync(string program, params string[] arguments) =>
        Tool.IsRoot ? Tool.RunAsync("runuser", ["-u", "postgres", "--", program, .. arguments]) : Tool.RunAsync(program, arguments);

    private Task StartAsync() => RunAsync(
        _control!, "-D", Data, "-l", Path.Combine(_files.FullName, "log"), "-w", "-o",
        $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off", "start");
}
