using System.Diagnostics;
using System.Text;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Runs the SDK's tools.</summary>
/// <param name="sdk">Which SDK.</param>
/// <param name="environment">The environment that they get: a build runs code of packages, so it is that of a project, without what
/// is the host's own.</param>
/// <param name="turns">Bounds how many tools of a host run at once. A turn is held for as long as a tool runs, and for nothing else that a build
/// does.</param>
internal sealed class SdkCommand(DotnetSdk sdk, IReadOnlyDictionary<string, string> environment, SemaphoreSlim turns)
{
    // A first restore over a slow line, and a build after it.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LeftOverLimit = TimeSpan.FromSeconds(5);

    // What a compiler reports of a hundred errors; of more, the first ones are enough.
    private const int MaxOutputCharacters = 8 << 20;

    private static readonly KeyValuePair<string, string>[] Fixed =
    [
        new("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
        new("DOTNET_NOLOGO", "1"),
        new("DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "1"),
        new("DOTNET_CLI_UI_LANGUAGE", "en"), // Messages are read, not only shown.
        new("MSBUILDDISABLENODEREUSE", "1"), // No process of the build outlives it, but the compiler server, which ends by itself.
        new("MSBUILDTERMINALLOGGER", "off"),
    ];

    /// <summary>Publishes a project into a folder, in place of what an earlier build has put there.</summary>
    /// <param name="project">The project file.</param>
    /// <param name="directory">Its current directory.</param>
    /// <param name="target">The folder: one of the directory's.</param>
    /// <param name="packages">What the project asks for, for messages.</param>
    /// <param name="options">Further options of the build.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the build wrote to its standard output.</returns>
    /// <exception cref="DeploymentException">It does not build; the message has each error with file, line and column.</exception>
    public async Task<string> PublishAsync(
        string project, BuildDirectory directory, string target, IReadOnlyList<PackageRequirement> packages, IEnumerable<string> options,
        CancellationToken cancellationToken)
    {
        BuildDirectory.Remove(target);
        string[] arguments =
        [
            "publish", project, "--configuration", "Release", "--output", target, "--nologo", "--no-self-contained",
            "--disable-build-servers", .. options,
        ];
        var result = await RunAsync(sdk.CommandLine, arguments, directory.Path, cancellationToken).ConfigureAwait(false);
        return BuildMessages.Describe(result, directory.Source, packages) is { } fault ? throw fault : result.Output;
    }

    /// <summary>Waits for its turn and runs a tool to its end.</summary>
    /// <param name="tool">The tool's assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Its current directory.</param>
    /// <param name="cancellationToken">Ends the waiting, or kills the tool with all that it started.</param>
    /// <exception cref="DeploymentException">It cannot be started, or takes longer than ten minutes.</exception>
    public async Task<SdkResult> RunAsync(string tool, IEnumerable<string> arguments, string directory, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var process = new Process { StartInfo = StartInfo(tool, arguments, directory) };
            return await RunAsync(process, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task<SdkResult> RunAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DeploymentException(DeploymentErrorCode.DependencyError, $"{sdk.Dotnet} cannot be started: {exception.Message}", exception);
        }

        process.StandardInput.Close();
        using var outputPipe = process.StandardOutput; // A process leaves its pipes to the finalizers.
        using var errorPipe = process.StandardError;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        var reading = Task.WhenAll(ReadAsync(outputPipe, output), ReadAsync(errorPipe, errors));
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await KillAsync(process).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new DeploymentException(DeploymentErrorCode.Invalid, $"The build did not end within {Limit.TotalMinutes:0} minutes.");
        }

        // Usually over at once; where the tool has left a process behind that holds its pipes, what came until now is all of the tool's.
        await Task.WhenAny(reading, Task.Delay(LeftOverLimit, CancellationToken.None)).ConfigureAwait(false);
        lock (output)
        {
            lock (errors)
            {
                return new SdkResult(process.ExitCode, output.ToString(), errors.ToString());
            }
        }
    }

    // Returns once it is gone: whoever has the next turn finds no files of this one open, and the machine free.
    private static async Task KillAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has just ended by itself, or one of its children is not this user's to end.
        }

        using var limit = new CancellationTokenSource(LeftOverLimit);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ProcessStartInfo StartInfo(string tool, IEnumerable<string> arguments, string directory)
    {
        var start = new ProcessStartInfo(sdk.Dotnet)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };

        // The tool itself rather than "dotnet build": no global.json on the way up decides which SDK it is.
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(tool);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment.Concat(Fixed))
        {
            start.Environment[name] = value;
        }

        start.Environment["DOTNET_HOST_PATH"] = sdk.Dotnet;
        return start;
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[4096];
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                lock (text)
                {
                    text.Append(buffer, 0, Math.Min(read, MaxOutputCharacters - text.Length));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process is gone, and with it this end of the pipe.
        }
    }
}
