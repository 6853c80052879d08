using System.Diagnostics;

namespace CloudFunction.PackageTests;

/// <summary>The SDK's command.</summary>
internal static class Dotnet
{
    // A restore into an empty cache downloads all that the packages need.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs it to its end.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="environment">What is added to this process's own.</param>
    /// <param name="arguments">Its command and options.</param>
    /// <returns>What it said.</returns>
    public static async Task<string> RunAsync(string directory, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(directory, environment, arguments);
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var said = await output + await errors;
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}: {said}");
        return said;
    }

    /// <summary>Starts it, its output redirected.</summary>
    public static Process Start(string directory, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartFile("dotnet", directory, environment, arguments);

    /// <summary>Starts any command, its output redirected.</summary>
    public static Process StartFile(string file, string directory, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // What this process started must not outlive it.
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
