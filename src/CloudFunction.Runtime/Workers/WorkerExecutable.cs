using System.Diagnostics;

namespace CloudFunction.Runtime.Workers;

/// <summary>The worker that ships with the host, and the dotnet that runs it.</summary>
internal sealed class WorkerExecutable
{
    private const string BootstrapName = "CloudFunction.Worker.Bootstrap.dll";

    private readonly string _dotnet;
    private readonly string _bootstrap;

    /// <param name="directory">The folder that holds the bootstrap.</param>
    /// <exception cref="FileNotFoundException">It does not.</exception>
    public WorkerExecutable(string directory)
    {
        Directory = directory;
        _bootstrap = Path.Combine(directory, BootstrapName);
        if (!File.Exists(_bootstrap))
        {
            throw new FileNotFoundException(
                $"The worker is not beside the host: {_bootstrap} does not exist. It comes with the CloudFunction.Runtime package and is copied on build and publish.");
        }

        _dotnet = FindDotnet();
    }

    /// <summary>Beside the host's own assemblies.</summary>
    public static string DefaultDirectory => Path.Combine(AppContext.BaseDirectory, "worker");

    /// <summary>The folder that holds the bootstrap.</summary>
    public string Directory { get; }

    /// <summary>The folder that holds the core.</summary>
    public string CoreDirectory => Path.Combine(Directory, "core");

    /// <summary>Starts a worker's process and hands it what it needs over standard input.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public Process Start(WorkerLaunch launch)
    {
        var start = new ProcessStartInfo(_dotnet)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = launch.DeploymentDirectory ?? Directory,
        };
        start.ArgumentList.Add("exec");
        if (launch.RuntimeConfig is { } runtimeConfig)
        {
            start.ArgumentList.Add("--runtimeconfig");
            start.ArgumentList.Add(runtimeConfig);
        }

        if (launch.AdditionalDeps is { } additionalDeps)
        {
            start.ArgumentList.Add("--additional-deps");
            start.ArgumentList.Add(additionalDeps);
            start.ArgumentList.Add("--additionalprobingpath");
            start.ArgumentList.Add(launch.DeploymentDirectory!);
        }

        start.ArgumentList.Add(_bootstrap);
        start.Environment.Clear();
        foreach (var (name, value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        try
        {
            var input = process.StandardInput;
            input.NewLine = "\n";
            input.WriteLine($"socket={launch.SocketPath}");
            input.WriteLine($"worker={launch.WorkerId}");
            input.WriteLine($"secret={launch.Secret}");
            if (launch.DeploymentDirectory is not null)
            {
                input.WriteLine($"deployment={launch.DeploymentDirectory}");
                input.WriteLine($"entry={launch.EntryAssembly}");
            }

            input.WriteLine();
            input.Close();
        }
        catch (IOException)
        {
            // It ended at once; its exit is noticed like any other.
        }

        return process;
    }

    // The host's own dotnet, so that both run on the same runtime.
    private static string FindDotnet()
    {
        var name = DotnetRoot.Command;
        if (Environment.ProcessPath is { } self && string.Equals(Path.GetFileName(self), name, StringComparison.OrdinalIgnoreCase))
        {
            return self;
        }

        var beside = Path.Combine(DotnetRoot.Directory, name);
        return File.Exists(beside) ? beside : name;
    }
}
