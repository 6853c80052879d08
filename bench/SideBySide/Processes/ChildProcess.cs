using System.Diagnostics;
using System.Text;

namespace SideBySide.Processes;

/// <summary>A process that this one started: its last lines are kept for the day it fails, and it is killed with all below it on dispose.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // Enough for an exception with its stack.
    private const int TailBytes = 8 * 1024;

    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);
    private readonly Process _process;
    private readonly byte[] _tail = new byte[TailBytes];
    private long _written;

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>What it has ended with; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public string Tail
    {
        get
        {
            lock (_tail)
            {
                var kept = (int)Math.Min(_written, TailBytes);
                var end = (int)(_written % TailBytes);
                byte[] text = _written <= TailBytes ? _tail[..kept] : [.. _tail[end..], .. _tail[..end]];
                return kept == 0 ? "(none)" : Encoding.UTF8.GetString(text);
            }
        }
    }

    public static ChildProcess StartDotnet(
        string name,
        string assembly,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? settings = null,
        string? workingDirectory = null) =>
        Start(name, StartInfo(assembly, arguments, settings, workingDirectory));

    /// <summary>Starts what <see cref="StartInfo"/> made, changed by the caller or not.</summary>
    public static ChildProcess Start(string name, ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new MeasurementException($"{name} did not start.");
        var child = new ChildProcess(name, process);
        _ = child.KeepAsync(process.StandardOutput.BaseStream);
        _ = child.KeepAsync(process.StandardError.BaseStream);
        return child;
    }

    /// <summary>How every measured process is started: <c>dotnet assembly.dll</c>, in the child's environment.</summary>
    public static ProcessStartInfo StartInfo(
        string assembly,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? settings = null,
        string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(Dotnet.Executable, [assembly, .. arguments])
        {
            WorkingDirectory = workingDirectory ?? Path.GetDirectoryName(assembly)!,
            UseShellExecute = false,
        };
        ChildEnvironment.Apply(start.Environment, settings);
        return start;
    }

    public void ThrowIfExited()
    {
        if (_process.HasExited)
        {
            throw new MeasurementException($"{Name} ended with exit code {_process.ExitCode}.\n--- its output\n{Tail}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            using var limit = new CancellationTokenSource(KillTimeout);
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (Exception gone) when (gone is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It had ended already, or something below it ended while it was being looked at.
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{Name} (process {Id}) did not end within {KillTimeout.TotalSeconds:0} s of being killed.");
        }

        _process.Dispose();
    }

    // Bytes, and no lines: a host that logs each call writes ten megabytes a second, and what is measured is the host.
    private async Task KeepAsync(Stream output)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await output.ReadAsync(buffer)) > 0)
            {
                lock (_tail)
                {
                    for (var i = Math.Max(0, read - TailBytes); i < read; i++)
                    {
                        _tail[(_written + i) % TailBytes] = buffer[i];
                    }

                    _written += read;
                }
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process is gone.
        }
    }
}
