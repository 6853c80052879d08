using System.Globalization;

namespace SideBySide.Options;

/// <summary>
/// What a child process is given: a TCP port to listen on, a Unix socket to listen on or forward to, or both, and the version of HTTP
/// spoken over that socket (1 or 2).
/// </summary>
internal sealed record RoleArguments(int? Port, string? Socket, int Http)
{
    public static RoleArguments Parse(string[] args)
    {
        var arguments = new RoleArguments(null, null, 1);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new UsageException($"{args[i]} needs a value.");
            arguments = args[i] switch
            {
                "--port" => arguments with { Port = int.Parse(value, CultureInfo.InvariantCulture) },
                "--socket" => arguments with { Socket = value },
                "--http" when value is "1" or "2" => arguments with { Http = value[0] - '0' },
                _ => throw new UsageException($"{args[i]} {value} is unknown; --port, --socket and --http 1 or 2 are what a role takes."),
            };
        }

        return arguments;
    }

    public int RequirePort() => Port ?? throw new UsageException("--port is missing.");

    public string RequireSocket() => Socket ?? throw new UsageException("--socket is missing.");
}
