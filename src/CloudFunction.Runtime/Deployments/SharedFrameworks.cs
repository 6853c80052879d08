using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The shared frameworks beside the one that this process runs on.</summary>
internal static class SharedFrameworks
{
    /// <summary>What every process has.</summary>
    public const string Core = "Microsoft.NETCore.App";

    /// <summary>ASP.NET Core's.</summary>
    public const string Web = "Microsoft.AspNetCore.App";

    /// <summary>Windows Forms and WPF.</summary>
    public const string WindowsDesktop = "Microsoft.WindowsDesktop.App";

    /// <summary>Whether a framework is released together with Microsoft.NETCore.App, in the same version.</summary>
    public static bool IsVersionedWithCore(string name) => name is Core or Web or WindowsDesktop;

    /// <summary>The folder of a framework in the version that a worker gets; null where there is none.</summary>
    public static string? Find(string name)
    {
        // …/shared/Microsoft.NETCore.App/10.0.1/ has its sibling …/shared/Microsoft.AspNetCore.App/10.0.1/. The two are serviced
        // together, but one may be missing or lag behind: then the highest of the same major and minor version is what `dotnet` picks.
        var core = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        if (name == Core)
        {
            return core;
        }

        var root = Path.GetFullPath(Path.Combine(core, "..", "..", name));
        if (!Directory.Exists(root))
        {
            return null;
        }

        return Directory.EnumerateDirectories(root)
            .Select(path => (Path: path, Version: Version.TryParse(Path.GetFileName(path), out var version) ? version : null))
            .Where(entry => entry.Version?.Major == Environment.Version.Major && entry.Version.Minor == Environment.Version.Minor)
            .OrderByDescending(entry => entry.Version)
            .Select(entry => entry.Path)
            .FirstOrDefault();
    }
}
