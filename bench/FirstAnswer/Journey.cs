using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using SideBySide;
using SideBySide.Processes;
using TaskStore;

namespace FirstAnswer;

/// <summary>The way of somebody who has the SDK and nothing else, command by command, in an empty folder with a home and a package
/// cache of its own.</summary>
/// <param name="folder">The folder.</param>
/// <param name="environment">What the commands run with.</param>
/// <param name="samples">Where the time of each command goes, in seconds.</param>
internal sealed class Journey(string folder, IReadOnlyDictionary<string, string> environment, Samples samples) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly List<ChildProcess> _running = [];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Runs a command to its end.</summary>
    public async Task RunAsync(string command, CancellationToken cancellationToken)
    {
        Progress.Report($"  {command}");
        var arguments = command.Split(' ')[1..];
        var began = Stopwatch.GetTimestamp();
        var start = ChildProcess.StartInfo(arguments[0], arguments[1..], environment, folder);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Limit);
        var output = process.StandardOutput.ReadToEndAsync(bound.Token);
        var error = process.StandardError.ReadToEndAsync(bound.Token);
        await process.WaitForExitAsync(bound.Token);
        if (process.ExitCode != 0)
        {
            throw new MeasurementException($"{command} ended with exit code {process.ExitCode}: {await output} {await error}");
        }

        samples.Add(command, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Runs a command that goes on, until a server answers.</summary>
    /// <returns>What has it running.</returns>
    public async Task<ChildProcess> ServeAsync(string command, Uri ready, CancellationToken cancellationToken)
    {
        Progress.Report($"  {command}");
        var arguments = command.Split(' ')[1..];
        var began = Stopwatch.GetTimestamp();
        var child = ChildProcess.StartDotnet(command, arguments[0], arguments[1..], environment, folder);
        _running.Add(child);
        await Poll.UntilAsync(
            $"{command} to listen",
            async token => (await _client.GetAsync(ready, token)).IsSuccessStatusCode ? null : "a failure",
            child.ThrowIfExited, _running, Limit, cancellationToken);
        samples.Add(command, Stopwatch.GetElapsedTime(began).TotalSeconds);
        return child;
    }

    /// <summary>Calls a function, or whatever it is, until it answers as it should.</summary>
    /// <param name="name">What it is called in the report.</param>
    /// <param name="address">Where.</param>
    /// <param name="expected">What its answer holds.</param>
    /// <param name="post">Whether to send a payload.</param>
    /// <param name="server">Who is to answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CallAsync(string name, Uri address, string expected, bool post, ChildProcess server, CancellationToken cancellationToken)
    {
        Progress.Report($"  {name}");
        var began = Stopwatch.GetTimestamp();
        await Poll.UntilAsync(
            name,
            async token =>
            {
                using var response = post
                    ? await _client.PostAsJsonAsync(address, new { name = "Ada" }, JsonSerializerOptions.Web, token)
                    : await _client.GetAsync(address, token);
                var text = await response.Content.ReadAsStringAsync(token);
                return response.IsSuccessStatusCode && text.Contains(expected, StringComparison.Ordinal) ? null : text;
            },
            server.ThrowIfExited, _running, Limit, cancellationToken);
        samples.Add(name, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var child in _running)
        {
            await child.DisposeAsync();
        }
    }
}
