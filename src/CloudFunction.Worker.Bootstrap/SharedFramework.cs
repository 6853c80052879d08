using System.Runtime.InteropServices;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>Microsoft.AspNetCore.App beside the Microsoft.NETCore.App that runs.</summary>
/// <remarks>The worker does not start on it: that would cost every standby worker, and a machine without it could run no
/// functions. But what lies there is compiled ahead of time and shared by all processes, so it is preferred to a copy of the
/// same version. Thread safe.</remarks>
internal sealed class SharedFramework
{
    private readonly string _directory;
    private readonly HashSet<string>? _files;

    private SharedFramework(string directory, HashSet<string>? files)
    {
        _directory = directory;
        _files = files;
    }

    /// <summary>The highest patch of the running major and minor version, or what a self-contained host has with it; <see langword="null"/>
    /// where there is none.</summary>
    /// <param name="workerDirectory">Where a self-contained host lists its assemblies, which lie among the host's own.</param>
    public static SharedFramework? FindAspNetCore(string workerDirectory)
    {
        if (!WorkerDirectory.IsSelfContained)
        {
            return FindShared() is { } shared ? new SharedFramework(shared, null) : null;
        }

        var list = Path.Combine(workerDirectory, "Microsoft.AspNetCore.App.txt");
        return File.Exists(list)
            ? new SharedFramework(RuntimeEnvironment.GetRuntimeDirectory(), [.. File.ReadLines(list).Select(line => Path.GetFileName(line))])
            : null;
    }

    /// <summary>The path of an assembly of that framework, or <see langword="null"/>.</summary>
    public string? Find(string file)
    {
        if (_files?.Contains(file) == false)
        {
            return null;
        }

        var path = Path.Combine(_directory, file);
        return File.Exists(path) ? path : null;
    }

    private static string? FindShared()
    {
        // …/shared/Microsoft.NETCore.App/10.0.12
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var root = Path.Combine(runtime, "..", "..", "Microsoft.AspNetCore.App");
        if (!Directory.Exists(root))
        {
            return null;
        }

        var running = Environment.Version;
        Version? best = null;
        foreach (var directory in Directory.EnumerateDirectories(root))
        {
            if (Version.TryParse(Path.GetFileName(directory), out var version)
                && version.Major == running.Major
                && version.Minor == running.Minor
                && (best is null || version > best))
            {
                best = version;
            }
        }

        // A preview's folder is no plain version; only its twin of the same name fits it.
        var folder = Path.GetFullPath(Path.Combine(root, best?.ToString() ?? Path.GetFileName(runtime)));
        return Directory.Exists(folder) ? folder : null;
    }
}
