using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The frameworks that workers have: the shared ones beside the one that this process runs on, or those that a self-contained
/// host has with it.</summary>
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

    /// <summary>The path of the list of a framework's assemblies, in a self-contained host.</summary>
    public static string ListOf(string name) => Path.Combine(WorkerFolder.Default, name + ".txt");

    /// <summary>A framework in the version that a worker gets; null where there is none.</summary>
    public static FrameworkFolder? Find(string name)
    {
        if (DotnetRoot.IsSelfContained)
        {
            return FrameworkFolder.Read(ListOf(name));
        }

        // …/shared/Microsoft.NETCore.App/10.0.1/ has its sibling …/shared/Microsoft.AspNetCore.App/10.0.1/. The two are serviced
        // together, but one may be missing or lag behind: then the highest of the same major and minor version is what `dotnet` picks.
        var core = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        if (name == Core)
        {
            return new FrameworkFolder(core);
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
            .Select(entry => new FrameworkFolder(entry.Path))
            .FirstOrDefault();
    }
}
