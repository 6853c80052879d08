using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CloudFunction.Data.Tests.Servers;

/// <summary>Starts the programs of database servers.</summary>
internal static class Tool
{
    // Setting one up takes seconds, and the machine may be busy.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Whether servers are to be started as another user, since they refuse to run as root.</summary>
    public static bool IsRoot => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    /// <summary>A port that nobody listens at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await error}");
        }
    }

    /// <summary>Starts it.</summary>
    public static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Path.GetTempPath(),
    })!;

    /// <summary>The program's path: on the PATH, or in one of the folders, the last of them first.</summary>
    public static string? Find(string program, IEnumerable<string> folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(folders.OrderDescending(StringComparer.Ordinal))
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
