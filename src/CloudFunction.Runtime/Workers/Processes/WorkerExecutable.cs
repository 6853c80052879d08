using System.Diagnostics;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Workers.Processes;

/// <summary>The worker that ships with the host, and what runs it: the host's dotnet, or an executable of its own on the runtime of a
/// self-contained host.</summary>
internal sealed class WorkerExecutable
{
    private const string BootstrapName = "CloudFunction.Worker.Bootstrap";

    private string? _file;
    private string? _bootstrap;
    private string? _runtime;

    /// <param name="directory">The folder of the worker, looked into by <see cref="Locate"/>.</param>
    public WorkerExecutable(string directory) => Directory = directory;

    /// <summary>Finds its files; to be called once, before workers start.</summary>
    /// <exception cref="FileNotFoundException">It is not there, or not whole.</exception>
    public void Locate()
    {
        if (DotnetRoot.IsSelfContained)
        {
            _runtime = FindRuntime();
            _bootstrap = Existing(Path.Combine(_runtime, BootstrapName + ".dll"));
            _file = Existing(Path.Combine(_runtime, OperatingSystem.IsWindows() ? BootstrapName + ".exe" : BootstrapName));
        }
        else
        {
            _bootstrap = Existing(Path.Combine(Directory, BootstrapName + ".dll"));
            _file = FindDotnet(DotnetRoot.Directory!);
        }
    }

    /// <summary>The folder of the worker.</summary>
    public string Directory { get; }

    /// <summary>The folder that holds the core.</summary>
    public string CoreDirectory => Path.Combine(Directory, "core");

    /// <summary>Starts a worker's process and hands it what it needs over standard input.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public Process Start(WorkerLaunch launch)
    {
        var start = new ProcessStartInfo(_file ?? throw new InvalidOperationException("The worker has not been located yet."))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = launch.DeploymentDirectory ?? Directory,
        };
        foreach (var argument in Arguments(launch))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        try
        {
            using var input = process.StandardInput;
            input.NewLine = "\n";
            input.WriteLine($"socket={launch.Endpoint.SocketPath}");
            input.WriteLine($"worker={launch.Endpoint.WorkerId}");
            input.WriteLine($"secret={launch.Endpoint.Secret}");
            if (launch.DeploymentDirectory is not null)
            {
                input.WriteLine($"deployment={launch.DeploymentDirectory}");
                input.WriteLine($"entry={launch.EntryAssembly}");
            }

            input.WriteLine();
        }
        catch (IOException)
        {
            // It ended at once; its exit is noticed like any other.
        }

        return process;
    }

    // The executable of a self-contained app takes host options too, but --additional-deps, which it ignores
    // (https://github.com/dotnet/runtime/blob/main/src/native/corehost/fxr/command_line.cpp).
    private List<string> Arguments(WorkerLaunch launch)
    {
        List<string> arguments = _runtime is null ? ["exec"] : [];
        if (launch.RuntimeConfig is { } runtimeConfig)
        {
            arguments.AddRange(["--runtimeconfig", runtimeConfig]);
        }

        if (launch.AdditionalDeps is { } additionalDeps)
        {
            arguments.AddRange(_runtime is null
                ? ["--additional-deps", additionalDeps, "--additionalprobingpath", launch.DeploymentDirectory!]
                : SelfContainedLaunch.Prepare(
                    _runtime, Path.Combine(_runtime, BootstrapName + DependencyFile.Suffix), additionalDeps, launch.DeploymentDirectory!));
        }

        if (_runtime is null)
        {
            arguments.Add(_bootstrap!);
        }

        return arguments;
    }

    private static string Existing(string file) => File.Exists(file)
        ? file
        : throw new FileNotFoundException(
            $"The worker is not beside the host: {file} does not exist. It comes with the CloudFunction.Runtime package and is copied on "
            + "build and publish.");

    private static string FindRuntime() => SharedFrameworks.Find(SharedFrameworks.Core)?.Path
        ?? throw new FileNotFoundException(
            $"This host is self-contained, and {SharedFrameworks.ListOf(SharedFrameworks.Core)} does not name the place of its workers' runtime: "
            + "build or publish the host with a reference to the CloudFunction.Runtime package, which adds that, or with --no-self-contained.");

    // The host's own dotnet, so that both run on the same runtime.
    private static string FindDotnet(string root)
    {
        var name = DotnetRoot.Command;
        if (Environment.ProcessPath is { } self && string.Equals(Path.GetFileName(self), name, StringComparison.OrdinalIgnoreCase))
        {
            return self;
        }

        var beside = Path.Combine(root, name);
        return File.Exists(beside) ? beside : name;
    }
}
