using System.Runtime.InteropServices;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>Finds Microsoft.AspNetCore.App beside the Microsoft.NETCore.App that runs.</summary>
/// <remarks>The worker does not start on it: that would cost every standby worker, and a machine without it could run no functions. But what lies there
/// is compiled ahead of time and shared by all processes, so it is preferred to a copy of the same version.</remarks>
internal static class SharedFramework
{
    /// <summary>The folder of the highest patch of the running major and minor version, or <see langword="null"/> where there is none.</summary>
    public static string? FindAspNetCore()
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
