using System.ComponentModel;
using System.Globalization;
using SideBySide.Options;
using SideBySide.Processes;
using SideBySide.Systems;

namespace SideBySide.Load;

/// <summary>
/// One round of wrk against one system. wrk itself counts answers of 400 and above and errors of its sockets; what it cannot tell
/// (another success, an answer cut short) shows in the bytes per answer, which must stay near those of the answer that was checked.
/// </summary>
internal sealed class Wrk : IDisposable
{
    private const string Mark = "side-by-side";

    // The answer's time stamps and durations vary by a few characters in some three hundred.
    private const double AnswerBytesTolerance = 0.10;

    // Connecting 256 sockets and printing the figures, on a machine that is busy.
    private static readonly TimeSpan Overhead = TimeSpan.FromSeconds(20);
    private readonly string _script = Path.GetTempFileName();
    private readonly ComparisonOptions _options;

    private Wrk(ComparisonOptions options)
    {
        _options = options;

        // Static fields, no request or response function: wrk then formats the request once and runs no Lua per call.
        File.WriteAllText(_script, $$"""
            wrk.method = "POST"
            wrk.body = '{{MeasuredSystem.Payload}}'
            wrk.headers["Content-Type"] = "application/json"

            function done(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("{{Mark}} %.0f %.0f %.0f %.0f %.0f %.0f\n", summary.requests, summary.duration, summary.bytes,
                e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
            end
            """);
    }

    public static async Task<Wrk> FindAsync(ComparisonOptions options, CancellationToken cancellationToken)
    {
        try
        {
            // Without arguments it prints its usage; all that counts is that it is there.
            await Command.RunAsync("wrk", ["-v"], null, TimeSpan.FromSeconds(10), cancellationToken);
            return new Wrk(options);
        }
        catch (Win32Exception)
        {
            throw new UsageException("""
                wrk is not on the PATH. Install it and run again:
                  Debian, Ubuntu   apt-get install wrk
                  Fedora           dnf install wrk
                  Arch             pacman -S wrk
                  macOS            brew install wrk
                  Windows          run the comparison in WSL
                """);
        }
    }

    public static async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync("wrk", ["-v"], null, TimeSpan.FromSeconds(10), cancellationToken);
        return (result.Output + result.Error).Split(" [", 2)[0].Trim();
    }

    public async Task<LoadSample> RunAsync(MeasuredSystem system, int connections, int round, CancellationToken cancellationToken)
    {
        var seconds = _options.Duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        var result = await Command.RunAsync(
            "wrk",
            [
                "--latency", "--timeout", "10s", "-t", $"{_options.Threads}", "-c", $"{connections}", "-d", $"{seconds}s", "-s", _script,
                system.Uri.ToString(),
            ],
            workingDirectory: null,
            _options.Duration + Overhead,
            cancellationToken);
        system.ThrowIfExited();

        var what = $"{system.Name} at {connections} connections, round {round}";
        var line = result.Output.Split('\n').FirstOrDefault(text => text.StartsWith(Mark, StringComparison.Ordinal));
        if (result.ExitCode != 0 || line is null)
        {
            throw new MeasurementException($"{what}: wrk failed.\n{result.Output}\n{result.Error}");
        }

        var fields = line.Split(' ').Skip(1).Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        var (requests, microseconds, bytes, errors) = (fields[0], fields[1], fields[2], fields[3]);
        if (requests == 0 || errors > 0)
        {
            throw new MeasurementException($"{what}: {errors} of {requests} calls failed.\n{result.Output}");
        }

        var answerBytes = bytes / requests;
        return Math.Abs(answerBytes - system.AnswerBytes) <= system.AnswerBytes * AnswerBytesTolerance
            ? new LoadSample(system.Name, connections, round, (long)requests, requests * 1e6 / microseconds, fields[4], fields[5])
            : throw new MeasurementException(
                $"{what}: answers have {answerBytes:0} bytes on average; the one that was checked has {system.AnswerBytes}.");
    }

    public void Dispose() => File.Delete(_script);
}
