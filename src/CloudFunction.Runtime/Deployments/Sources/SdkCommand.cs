using System.Diagnostics;
using System.Text;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Runs the SDK's tools.</summary>
/// <param name="sdk">Which SDK.</param>
/// <param name="environment">The environment that they get: a build runs code of packages, so it is that of a project, without what is the host's own.</param>
internal sealed class SdkCommand(DotnetSdk sdk, IReadOnlyDictionary<string, string> environment)
{
    // A first restore over a slow line, and a build after it.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    // What a compiler says of a hundred errors; of more, the first ones tell enough.
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

    /// <summary>Runs a tool to its end.</summary>
    /// <param name="tool">The tool's assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Where.</param>
    /// <param name="cancellationToken">Kills it with all that it started.</param>
    /// <exception cref="DeploymentException">It cannot be started, or takes longer than ten minutes.</exception>
    public async Task<SdkResult> RunAsync(string tool, IEnumerable<string> arguments, string directory, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo(tool, arguments, directory) };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new DeploymentException(DeploymentErrorCode.DependencyError, $"{sdk.Dotnet} cannot be started: {exception.Message}", exception);
        }

        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var output = ReadAsync(process.StandardOutput);
        var errors = ReadAsync(process.StandardError);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new DeploymentException(DeploymentErrorCode.Invalid, $"The build did not end within {Limit.TotalMinutes:0} minutes.");
        }

        return new SdkResult(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
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

    // The compiler server inherits the pipes and outlives the compiler: what matters is what was written until the tool ended.
    private static async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            if (text.Length < MaxOutputCharacters)
            {
                text.Append(buffer, 0, read);
            }
        }

        return text.ToString();
    }
}
