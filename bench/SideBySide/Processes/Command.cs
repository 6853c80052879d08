using System.ComponentModel;
using System.Diagnostics;

namespace SideBySide.Processes;

/// <summary>Runs a tool to its end and takes its output.</summary>
internal static class Command
{
    /// <exception cref="Win32Exception">The tool is not installed.</exception>
    public static async Task<CommandResult> RunAsync(
        string tool, IReadOnlyList<string> arguments, string? workingDirectory, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = workingDirectory ?? "",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bound.Token);
            var error = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new MeasurementException($"{tool} did not end within {limit.TotalSeconds:0} s.");
        }
    }

    /// <summary>The output's first line, or null where the tool is missing or fails.</summary>
    public static async Task<string?> TryReadLineAsync(
        string tool, IReadOnlyList<string> arguments, string? workingDirectory, CancellationToken cancellationToken)
    {
        try
        {
            var result = await RunAsync(tool, arguments, workingDirectory, TimeSpan.FromSeconds(10), cancellationToken);
            return result.ExitCode == 0 ? result.Output.Split('\n')[0].Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
